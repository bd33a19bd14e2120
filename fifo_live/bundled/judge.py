"""The judge: a small classifier that reads frames and says which scene, palette, speed and heading they show.

It knows nothing of the generator: it is trained on drawn clips whose seeds are its own (training/judge.py), and serves
`fifo-live bench prompts` only.
Shapes: S stretches, F frames, H and W picture, D features; E time steps within a stretch after the first mixing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as nnf
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from fifo_live.bundled.clips import HEADINGS, SPEEDS
from fifo_live.bundled.palettes import PALETTES
from fifo_live.bundled.scenes import COMBINATIONS, SCENES
from fifo_live.bundled.weights import FOLDER

STRETCH = 16  # frames that are read together: one second
WIDTH, HEIGHT = 144, 80
FEATURES = 128
TEMPORAL_TAPS, TEMPORAL_STRIDE = 8, 4  # the first mixing sees half a second, so that slow motion shows

CLASSES: dict[str, tuple[str, ...]] = {
    "scene": (*SCENES, *("+".join(pair) for pair in COMBINATIONS)),
    "palette": PALETTES,
    "speed": tuple(SPEEDS),
    "heading": tuple(name for name in HEADINGS if name != "none"),
}


@dataclass(frozen=True)
class Reading:
    """What the judge sees; the heading means nothing for a scene that has none."""

    scene: str
    palette: str
    speed: str
    heading: str


class Judge(nn.Module):
    """Convolutions over each frame, two mixings over time between them, the mean over the picture, one head a group."""

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Sequential(nn.Conv2d(3, 24, 7, stride=4, padding=2, bias=False), nn.BatchNorm2d(24), nn.ReLU())
        self.move = nn.Sequential(
            nn.Conv3d(24, 64, (TEMPORAL_TAPS, 1, 1), stride=(TEMPORAL_STRIDE, 1, 1), bias=False),
            nn.BatchNorm3d(64),
            nn.ReLU(),
        )
        self.shape = nn.Sequential(*_step(64, 64, 1), *_step(64, 96, 2))
        num_times = (STRETCH - TEMPORAL_TAPS) // TEMPORAL_STRIDE + 1
        self.join = nn.Sequential(nn.Conv3d(96, 128, (num_times, 1, 1), bias=False), nn.BatchNorm3d(128), nn.ReLU())
        self.place = nn.Sequential(*_step(128, 128, 2), *_step(128, 128, 1))
        self.last = nn.Sequential(nn.Linear(128 + 48, FEATURES), nn.ReLU())
        self.heads = nn.ModuleDict({name: nn.Linear(FEATURES, len(values)) for name, values in CLASSES.items()})

    def features(self, x_SFCHW: Tensor) -> Tensor:
        """Return (S, D) for stretches of STRETCH frames of WIDTH x HEIGHT in -1..1."""
        num_stretches = len(x_SFCHW)
        seen_SFCHW = self.look(x_SFCHW.flatten(0, 1)).unflatten(0, (num_stretches, -1))
        # How much of each kind of patch there is, and how it varies: colours, mostly.
        colour_SD = torch.cat((seen_SFCHW.mean((1, 3, 4)), seen_SFCHW.square().mean((1, 3, 4))), dim=1)
        moved_SECHW = self.move(seen_SFCHW.transpose(1, 2)).transpose(1, 2)
        shaped_SECHW = self.shape(moved_SECHW.flatten(0, 1)).unflatten(0, (num_stretches, -1))
        joined_SCHW = self.join(shaped_SECHW.transpose(1, 2)).squeeze(2)
        placed_SD = self.place(joined_SCHW).mean((2, 3))
        features_SD: Tensor = self.last(torch.cat((placed_SD, colour_SD), dim=1))
        return features_SD

    def answers(self, features_SD: Tensor) -> dict[str, Tensor]:
        """Return the logits (S, classes) of every group."""
        return {name: head(features_SD) for name, head in self.heads.items()}


def _step(before: int, after: int, stride: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(before, after, 3, stride, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()


def shrink(frames_FHWC: Tensor) -> Tensor:
    """Average uint8 frames of any size down to the judge's: uint8 (F, HEIGHT, WIDTH, 3)."""
    x_FCHW = nnf.adaptive_avg_pool2d(frames_FHWC.permute(0, 3, 1, 2).float(), (HEIGHT, WIDTH))
    return x_FCHW.round().to(torch.uint8).permute(0, 2, 3, 1).contiguous()


def as_input(frames_SFHWC: Tensor) -> Tensor:
    """Turn uint8 pictures into what the network reads: float32 (S, F, 3, H, W) in -1..1."""
    return frames_SFHWC.permute(0, 1, 4, 2, 3).float() / 127.5 - 1


@torch.inference_mode()
def read(judge: Judge, frames_FHWC: Tensor) -> tuple[Reading, Tensor]:
    """Read frames of any size, cut into stretches whose answers are averaged; also returns their features (S, D).

    A rest shorter than a stretch is left out.
    Raises: ValueError if there is not one whole stretch.
    """
    if len(frames_FHWC) < STRETCH:
        raise ValueError(f"The judge reads {STRETCH} frames at a time; it was given {len(frames_FHWC)}.")
    whole = len(frames_FHWC) // STRETCH * STRETCH
    frames_SFHWC = shrink(frames_FHWC[:whole]).unflatten(0, (-1, STRETCH))
    features_SD = judge.features(as_input(frames_SFHWC))
    best = {
        name: CLASSES[name][int(logits.log_softmax(1).mean(0).argmax())]
        for name, logits in judge.answers(features_SD).items()
    }
    return Reading(**best), features_SD


def load_judge(folder: Path = FOLDER) -> Judge:
    """Read the weights that `save_judge` wrote; float32, ready to read."""
    judge = Judge()
    state = {name: _widen(value) for name, value in load_file(folder / "judge.safetensors").items()}
    judge.load_state_dict(state)
    return judge.eval().requires_grad_(False)


def load_record(folder: Path = FOLDER) -> dict[str, Any]:
    """Return what was noted when the judge was trained: its accuracy on held-out clips, and on how many."""
    record: dict[str, Any] = json.loads((folder / "judge.json").read_text(encoding="utf-8"))
    return record


def save_judge(folder: Path, state: Mapping[str, Tensor]) -> None:
    """Write weights in half precision."""
    narrow = {name: value.half() if value.is_floating_point() else value for name, value in state.items()}
    save_file({name: value.contiguous() for name, value in narrow.items()}, folder / "judge.safetensors")


def _widen(value: Tensor) -> Tensor:
    return value.float() if value.is_floating_point() else value
