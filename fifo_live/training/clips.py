"""Clips: attributes drawn independently of each other, and the picture sequence they stand for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from fifo_live.training.canvas import Canvas
from fifo_live.training.palettes import PALETTES, palette_stops
from fifo_live.training.scenes import COMBINATIONS, SCENES

FPS = 16
# Factors on the natural pace; within a word's range the pace varies continuously.
SPEEDS: dict[str, tuple[float, float]] = {"slow": (0.35, 0.55), "medium": (0.85, 1.2), "fast": (1.9, 2.6)}
HEADINGS: dict[str, tuple[float, float, float]] = {  # x, y (down), depth
    "left": (-1, 0, 0),
    "right": (1, 0, 0),
    "up": (0, -1, 0),
    "down": (0, 1, 0),
    "forward": (0, 0, 1),
    "backward": (0, 0, -1),
    "none": (0, 0, 0),
}

COMBINED = 0.5  # share of clips that show two scenes
MIXABLE = PALETTES[:-2]  # sunset and rainbow are mixtures already


@dataclass(frozen=True)
class Attributes:
    scene: str  # a scene, or two as "behind+front"
    palette: str  # a palette, or two as "shadows+lights"
    speed: str
    heading: str


def draw_attributes(generator: torch.Generator) -> Attributes:
    """Draw one set of attributes; half the clips have their scene's natural colours, pace and heading."""

    def choose(options: tuple[str, ...]) -> str:
        return options[int(torch.randint(len(options), (1,), generator=generator))]

    def natural() -> bool:
        return bool(torch.rand(1, generator=generator) < 0.4)

    name = choose(tuple(SCENES))
    if torch.rand(1, generator=generator) < COMBINED:
        name = "+".join(COMBINATIONS[int(torch.randint(len(COMBINATIONS), (1,), generator=generator))])
    scene = SCENES[name.rpartition("+")[2]]
    palette = choose(scene.palettes if natural() else PALETTES)
    if torch.rand(1, generator=generator) < 0.08:
        palette = f"{choose(MIXABLE)}+{choose(MIXABLE)}"
    speed = "medium" if natural() else choose(tuple(SPEEDS))
    headings = scene.headings or ("none",)
    heading = headings[0] if natural() else choose(headings)
    return Attributes(name, palette, speed, heading)


def _draw(name: str, canvas: Canvas) -> Tensor:
    behind, _, front = name.rpartition("+")
    if not behind:
        return SCENES[front].draw(canvas)
    before = SCENES[front].before
    assert before is not None, f"{front} cannot stand in front of another scene"
    return before(canvas, SCENES[behind].draw(canvas))


def render(
    attributes: Attributes,
    seed: int,
    num_frames: int,
    size: tuple[int, int],
    every: int = 1,
    moments_s: tuple[float, ...] = (),
) -> Tensor:
    """Draw every n-th frame of a clip; returns uint8 (F, H, W, 3). size is (width, height).

    Behind them come frames of the same shot at other moments, counted in seconds from the first frame.
    """
    generator = torch.Generator().manual_seed(seed)
    low, high = SPEEDS[attributes.speed]
    pace = math.exp(math.log(low) + math.log(high / low) * float(torch.rand(1, generator=generator)))
    start_s = 20 * float(torch.rand(1, generator=generator))
    shown_s = torch.cat((every * torch.arange(num_frames) / FPS, torch.tensor(moments_s)))
    time_F = start_s + pace * shown_s
    x, y, depth = HEADINGS[attributes.heading]
    stops_S3 = palette_stops(attributes.palette, generator)
    canvas = Canvas(time_F, (x, y), depth, stops_S3, generator, *size)
    picture_F3HW = _draw(attributes.scene, canvas)
    return (picture_F3HW.clamp(0, 1) * 255).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous()
