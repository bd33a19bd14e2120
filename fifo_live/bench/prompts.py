"""`fifo-live bench prompts`: whether the bundled model shows what prompts ask for, and how near it is to its data.

Every prompt of prompt_set.py gets a stream of its own, and a classifier (bundled/classifier.py) reads two seconds of
it; what it does not see, since it was trained on softened pictures, is measured on them at full size: detail, texture
and movement. The same attributes are drawn procedurally as well, from seeds nobody was trained on: what the classifier
reads there is the most a generator can reach, and what the pictures are compared with.
Shapes: F frames, H and W picture, S stretches, D features.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import mean, median
from typing import Any

import torch
import torch.nn.functional as nnf
from rich.console import Console
from rich.progress import track
from torch import Tensor

from fifo_live.bench.detail import detail, texture
from fifo_live.bench.frames import frames
from fifo_live.bench.frechet import frechet_distance
from fifo_live.bench.motion import displacement
from fifo_live.bench.prompt_set import ASKED, Asked
from fifo_live.bundled.autoencoder import Encoder
from fifo_live.bundled.classifier import Classifier, Reading, load_classifier, load_record, read
from fifo_live.bundled.weights import load_encoder
from fifo_live.config import Config
from fifo_live.models.loading import load_denoiser
from fifo_live.training.clips import Attributes, render
from fifo_live.training.scenes import SCENES

SKIPPED, READ = 24, 32  # frames of every stream
SIZE = (576, 320)  # at which clips are drawn
FLICKER_SIZE = (160, 288)  # height and width at which flicker is measured
DRAWN_SEEDS = (2_000_000_000, 2_100_000_000)  # of the two halves of the drawn clips
LEAST = 1e-9  # what a figure of drawn clips counts at least
GROUPS = {"scene": "scene", "colour": "palette", "direction": "heading", "speed": "speed"}
"""What each accuracy is called, and the attribute that it counts."""


@dataclass(frozen=True)
class Eyes:
    """The networks that look at pictures."""

    classifier: Classifier
    encoder: Encoder


@dataclass(frozen=True)
class Seen:
    """What was asked for, what the classifier read, and the picture's flicker, detail, texture and movement."""

    asked: Asked
    reading: Reading
    features_SD: Tensor
    flicker: float
    detail: float
    texture_FD: Tensor
    displacement: float

    def wrong(self) -> list[str]:
        """Return the attributes that were asked for and are not seen."""
        pairs = {name: (getattr(self.asked, name), getattr(self.reading, name)) for name in GROUPS.values()}
        return [name for name, (asked, seen) in pairs.items() if asked not in ("", seen)]


def measure(config: Config) -> dict[str, Any]:
    """Return accuracies, distances and every failure; takes about ten seconds a prompt."""
    denoiser, eyes = load_denoiser(config), Eyes(load_classifier(), load_encoder())
    generated: list[Seen] = []
    drawn: tuple[list[Seen], ...] = tuple([] for _ in DRAWN_SEEDS)
    for number, asked in enumerate(track(ASKED, "Prompts", console=Console(stderr=True))):
        stream = frames(denoiser, config, asked.text, config.model.seed + number)
        generated.append(look(eyes, asked, torch.stack(list(islice(stream, SKIPPED, SKIPPED + READ)))))
        for half, seed in zip(drawn, DRAWN_SEEDS, strict=True):
            half.append(look(eyes, asked, draw(asked, seed + number)))
    both = [*drawn[0], *drawn[1]]
    detail_by_scene = compared(generated, both, root_detail)
    motion_by_scene = compared(generated, both, movement)
    return {
        "num_prompts": len(ASKED),
        "judge_accuracy": load_record()["accuracy"],
        **accuracies(generated),
        "drawn_accuracy": accuracies(both),
        "frechet_distance": mean(distance(generated, half, read_features) for half in drawn),
        "frechet_distance_halves": distance(drawn[0], drawn[1], read_features),
        "frechet_distance_full_size": mean(distance(generated, half, textures) for half in drawn),
        "frechet_distance_full_size_halves": distance(drawn[0], drawn[1], textures),
        "flicker_ratio": flicker(generated) / flicker(both),
        "detail_ratio": median(detail_by_scene.values()),
        "motion_ratio": median(motion_by_scene.values()),
        "detail_by_scene": detail_by_scene,
        "motion_by_scene": motion_by_scene,
        "failures": [failure(seen) for seen in generated if seen.wrong()],
    }


def look(eyes: Eyes, asked: Asked, frames_FHWC: Tensor) -> Seen:
    """Classify frames, uint8 of any size, and measure what the classifier does not see."""
    reading, features_SD = read(eyes.classifier, frames_FHWC)
    x_FCHW = nnf.adaptive_avg_pool2d(frames_FHWC.permute(0, 3, 1, 2).float() / 255, FLICKER_SIZE)
    return Seen(
        asked,
        reading,
        features_SD,
        flicker=float(x_FCHW.diff(n=2, dim=0).abs().mean()),
        detail=detail(frames_FHWC),
        texture_FD=texture(eyes.encoder, frames_FHWC),
        displacement=displacement(frames_FHWC),
    )


def draw(asked: Asked, seed: int) -> Tensor:
    """Draw what a prompt asks for, the rest as is natural for the scene; uint8 (F, H, W, 3)."""
    scene = SCENES[asked.scene.rpartition("+")[2]]
    attributes = Attributes(
        asked.scene,
        asked.palette or scene.palettes[0],
        asked.speed or "medium",
        asked.heading or (scene.headings or ("none",))[0],
    )
    return render(attributes, seed, READ, SIZE)


def accuracies(seen: Sequence[Seen]) -> dict[str, float]:
    """Return for every attribute the share of pictures that show it, among those whose prompts name it."""
    shares = {}
    for name, attribute in GROUPS.items():
        counted = [attribute not in one.wrong() for one in seen if getattr(one.asked, attribute)]
        shares[f"{name}_accuracy"] = mean(counted)
    return shares


def distance(one: Sequence[Seen], other: Sequence[Seen], features: Callable[[Sequence[Seen]], Tensor]) -> float:
    """Return the Frechet distance between features of both."""
    return frechet_distance(features(one), features(other))


def read_features(seen: Sequence[Seen]) -> Tensor:
    """Return the classifier's features, (stretches, D)."""
    return torch.cat([one.features_SD for one in seen])


def textures(seen: Sequence[Seen]) -> Tensor:
    """Return what the encoder makes of pictures at full size, (frames, D)."""
    return torch.cat([one.texture_FD for one in seen])


def flicker(seen: Sequence[Seen]) -> float:
    """Return the mean second difference over time, as a part of the full range."""
    return mean(one.flicker for one in seen)


def root_detail(seen: Sequence[Seen]) -> float:
    """Return the root mean square of what a quarter-size copy loses."""
    return math.sqrt(mean(one.detail for one in seen))


def movement(seen: Sequence[Seen]) -> float:
    """Return the mean displacement in a frame, in parts of the picture's width."""
    return mean(one.displacement for one in seen)


def compared(one: Sequence[Seen], other: Sequence[Seen], figure: Callable[[Sequence[Seen]], float]) -> dict[str, float]:
    """Return a figure of the one in parts of that of the other, for every scene that was asked for."""
    scenes = dict.fromkeys(seen.asked.scene for seen in one)
    values = {
        scene: [figure([seen for seen in side if seen.asked.scene == scene]) for side in (one, other)]
        for scene in scenes
    }
    return {scene: made / max(drawn, LEAST) for scene, (made, drawn) in values.items()}


def failure(seen: Seen) -> dict[str, Any]:
    """Return a prompt with what it asked for and what was seen, where the two differ."""
    wrong = seen.wrong()
    return {
        "prompt": seen.asked.text,
        "asked": {name: getattr(seen.asked, name) for name in wrong},
        "seen": {name: getattr(seen.reading, name) for name in wrong},
    }
