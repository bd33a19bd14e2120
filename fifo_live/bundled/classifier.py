"""A small classifier of frames: which scene, palette, speed and heading they show.

It knows nothing of the generator: it is trained on drawn clips whose seeds are its own (training/classifier.py), and
serves `fifo-live bench prompts` only.
Shapes: S stretches, F frames, C channels or entries, H and W picture, h and w cells, D features.
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

from fifo_live.bundled.features import ENTRIES, HEIGHT, WIDTH, extract_features
from fifo_live.bundled.scenes import COMBINATIONS, NAMES
from fifo_live.bundled.weights import FOLDER

STRETCH = 16  # frames that are read together: one second
FEATURES = 128

CLASSES: dict[str, tuple[str, ...]] = {
    **NAMES,
    "scene": (*NAMES["scene"], *("+".join(pair) for pair in COMBINATIONS)),
}


@dataclass(frozen=True)
class Reading:
    """What frames show; the heading means nothing for a scene that has none."""

    scene: str
    palette: str
    speed: str
    heading: str


class Classifier(nn.Module):
    """A few convolutions over the cells of what `extract_features` gives, then one head a group."""

    def __init__(self) -> None:
        super().__init__()
        self.cells = nn.Sequential(
            nn.BatchNorm2d(ENTRIES), *_layer(ENTRIES, 96, 1, 1), *_layer(96, 96, 3, 2), *_layer(96, 128, 3, 1)
        )
        self.whole = nn.Sequential(nn.Dropout(0.2), nn.Linear(256, FEATURES), nn.ReLU())
        self.heads = nn.ModuleDict({name: nn.Linear(FEATURES, len(values)) for name, values in CLASSES.items()})

    def features(self, input_SChw: Tensor) -> Tensor:
        """Return (S, D) for described stretches."""
        x_SChw = self.cells(input_SChw)
        features_SD: Tensor = self.whole(torch.cat((x_SChw.mean((2, 3)), x_SChw.amax((2, 3))), dim=1))
        return features_SD

    def answers(self, features_SD: Tensor) -> dict[str, Tensor]:
        """Return the logits (S, classes) of every group."""
        return {name: head(features_SD) for name, head in self.heads.items()}


def _layer(before: int, after: int, side: int, stride: int) -> tuple[nn.Module, ...]:
    convolution = nn.Conv2d(before, after, side, stride, padding=side // 2, bias=False)
    return convolution, nn.BatchNorm2d(after), nn.ReLU()


def shrink(frames_FHWC: Tensor) -> Tensor:
    """Average uint8 frames of any size down to WIDTH x HEIGHT: float32 (F, 3, H, W) in 0..1."""
    return nnf.adaptive_avg_pool2d(frames_FHWC.permute(0, 3, 1, 2).float() / 255, (HEIGHT, WIDTH))


@torch.inference_mode()
def read(classifier: Classifier, frames_FHWC: Tensor) -> tuple[Reading, Tensor]:
    """Read frames of any size, cut into stretches whose answers are averaged; also returns their features (S, D).

    A rest shorter than a stretch is left out.
    Raises: ValueError if there is not one whole stretch.
    """
    if len(frames_FHWC) < STRETCH:
        raise ValueError(f"The classifier reads {STRETCH} frames at a time; it was given {len(frames_FHWC)}.")
    whole = len(frames_FHWC) // STRETCH * STRETCH
    x_SFCHW = shrink(frames_FHWC[:whole]).view(-1, STRETCH, 3, HEIGHT, WIDTH)
    features_SD = classifier.features(extract_features(x_SFCHW))
    best = {
        name: CLASSES[name][int(logits.log_softmax(1).mean(0).argmax())]
        for name, logits in classifier.answers(features_SD).items()
    }
    return Reading(**best), features_SD


def load_classifier(folder: Path = FOLDER) -> Classifier:
    """Read the weights that `save_classifier` wrote; float32, ready to read."""
    classifier = Classifier()
    state = {name: _widen(value) for name, value in load_file(folder / "classifier.safetensors").items()}
    classifier.load_state_dict(state)
    return classifier.eval().requires_grad_(False)


def load_record(folder: Path = FOLDER) -> dict[str, Any]:
    """Return what was noted when the classifier was trained: its accuracy on held-out clips, and on how many."""
    record: dict[str, Any] = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
    return record


def save_classifier(folder: Path, state: Mapping[str, Tensor]) -> None:
    """Write weights in half precision."""
    narrow = {name: value.half() if value.is_floating_point() else value for name, value in state.items()}
    save_file({name: value.contiguous() for name, value in narrow.items()}, folder / "classifier.safetensors")


def _widen(value: Tensor) -> Tensor:
    return value.float() if value.is_floating_point() else value
