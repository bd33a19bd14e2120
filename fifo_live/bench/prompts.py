"""`fifo-live bench prompts`: whether the bundled model shows what prompts ask for, and how near it is to its data.

Every prompt of asked.py gets a stream of its own, and the judge (bundled/judge.py) reads two seconds of it. The same
attributes are drawn procedurally as well, from seeds nobody was trained on: what the judge makes of those is the most a
generator can reach, and what the pictures are compared with.
Shapes: F frames, H and W picture, S stretches, D features.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import mean
from typing import Any

import torch
import torch.nn.functional as nnf
from rich.console import Console
from rich.progress import track
from torch import Tensor

from fifo_live.bench.asked import ASKED, Asked
from fifo_live.bench.footage import frames
from fifo_live.bench.frechet import frechet_distance
from fifo_live.bundled.clips import Attributes, render
from fifo_live.bundled.judge import Judge, Reading, load_judge, load_record, read
from fifo_live.bundled.scenes import SCENES
from fifo_live.config import Config
from fifo_live.engine.loading import load_denoiser

SKIPPED, JUDGED = 24, 32  # frames of every stream
SIZE = (288, 160)  # at which clips are drawn and flicker is measured
DRAWN_SEEDS = (2_000_000_000, 2_100_000_000)  # of the two halves of the drawn clips
GROUPS = {"scene": "scene", "colour": "palette", "direction": "heading", "speed": "speed"}
"""What each accuracy is called, and the attribute that it counts."""


@dataclass(frozen=True)
class Seen:
    """What was asked for, what the judge made of it, and how restless the picture was."""

    asked: Asked
    reading: Reading
    features_SD: Tensor
    flicker: float

    def wrong(self) -> list[str]:
        """Return the attributes that were asked for and are not seen."""
        pairs = {name: (getattr(self.asked, name), getattr(self.reading, name)) for name in GROUPS.values()}
        return [name for name, (asked, seen) in pairs.items() if asked not in ("", seen)]


def measure(config: Config) -> dict[str, Any]:
    """Return accuracies, distances and every failure; takes about three seconds a prompt."""
    denoiser, judge = load_denoiser(config), load_judge()
    generated: list[Seen] = []
    drawn: tuple[list[Seen], ...] = tuple([] for _ in DRAWN_SEEDS)
    for number, asked in enumerate(track(ASKED, "Prompts", console=Console(stderr=True))):
        stream = frames(denoiser, config, asked.text, config.model.seed + number)
        generated.append(look(judge, asked, torch.stack(list(islice(stream, SKIPPED, SKIPPED + JUDGED)))))
        for half, seed in zip(drawn, DRAWN_SEEDS, strict=True):
            half.append(look(judge, asked, draw(asked, seed + number)))
    return {
        "num_prompts": len(ASKED),
        "judge_accuracy": load_record()["accuracy"],
        **accuracies(generated),
        "drawn_accuracy": accuracies([*drawn[0], *drawn[1]]),
        "frechet_distance": mean(distance(generated, half) for half in drawn),
        "frechet_distance_halves": distance(*drawn),
        "flicker_ratio": flicker(generated) / flicker([*drawn[0], *drawn[1]]),
        "failures": [failure(seen) for seen in generated if seen.wrong()],
    }


def look(judge: Judge, asked: Asked, frames_FHWC: Tensor) -> Seen:
    """Let the judge read frames, uint8 of any size, and measure their flicker."""
    reading, features_SD = read(judge, frames_FHWC)
    x_FCHW = nnf.adaptive_avg_pool2d(frames_FHWC.permute(0, 3, 1, 2).float() / 255, SIZE[::-1])
    return Seen(asked, reading, features_SD, float(x_FCHW.diff(n=2, dim=0).abs().mean()))


def draw(asked: Asked, seed: int) -> Tensor:
    """Draw what a prompt asks for, the rest as is natural for the scene; uint8 (F, H, W, 3)."""
    scene = SCENES[asked.scene.rpartition("+")[2]]
    attributes = Attributes(
        asked.scene,
        asked.palette or scene.palettes[0],
        asked.speed or "medium",
        asked.heading or (scene.headings or ("none",))[0],
    )
    return render(attributes, seed, JUDGED, SIZE)


def accuracies(seen: Sequence[Seen]) -> dict[str, float]:
    """Return for every attribute the share of pictures that show it, among those whose prompts name it."""
    shares = {}
    for name, attribute in GROUPS.items():
        counted = [attribute not in one.wrong() for one in seen if getattr(one.asked, attribute)]
        shares[f"{name}_accuracy"] = mean(counted)
    return shares


def distance(one: Sequence[Seen], other: Sequence[Seen]) -> float:
    """Return the Frechet distance between what the judge felt for both."""
    features = [torch.cat([seen.features_SD for seen in side]) for side in (one, other)]
    return frechet_distance(*features)


def flicker(seen: Sequence[Seen]) -> float:
    """Return the mean second difference over time, as a part of the full range."""
    return mean(one.flicker for one in seen)


def failure(seen: Seen) -> dict[str, Any]:
    """Return a prompt with what it asked for and what was seen, where the two differ."""
    wrong = seen.wrong()
    return {
        "prompt": seen.asked.text,
        "asked": {name: getattr(seen.asked, name) for name in wrong},
        "seen": {name: getattr(seen.reading, name) for name in wrong},
    }
