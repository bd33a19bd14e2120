"""The training of the classifier, at toy size."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from fifo_live.bundled.classifier import CLASSES, load_classifier, load_record
from fifo_live.training import classifier as training
from fifo_live.training.classifier import (
    VARIANTS,
    Clips,
    Recipe,
    batch_of,
    draw_attributes,
    extract_clip,
    make,
    seeds_of,
    soften,
)
from fifo_live.training.scenes import SCENES


@pytest.fixture
def _two_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CLASSES, "scene", ("fire", "aurora+sea"))


@pytest.mark.usefixtures("_two_kinds")
def test_the_stages_end_in_weights_and_a_record(tmp_path: Path) -> None:
    """All stages run, keep what they drew, and leave a classifier that loads."""
    recipe = Recipe(tmp_path / "work", tmp_path, clips=2, held_out=1, minutes=0.005, batch=4)
    shares = make(recipe)
    assert load_classifier(tmp_path).heads["scene"].out_features == 2
    assert load_record(tmp_path) == {"held_out_clips": 2, "accuracy": shares}
    drawn = {path: path.stat().st_mtime_ns for path in recipe.work.glob("*.npy")}
    assert len(drawn) == 4
    make(replace(recipe, minutes=0.01))
    assert {path: path.stat().st_mtime_ns for path in recipe.work.glob("*.npy")} == drawn


def test_seeds_are_nobody_elses() -> None:
    """Kinds, and training and test, share no seed; the generator's seeds are far below."""
    used: set[int] = set()
    for first in (training.TRAINING_SEED, training.HELD_OUT_SEED):
        for kind in CLASSES["scene"]:
            seeds = set(seeds_of(kind, first, 1000))
            assert not used & seeds
            used |= seeds
    assert min(used) >= 500_000_000


def test_attributes_are_those_a_scene_can_have() -> None:
    """A scene gets headings that it knows, all palettes and all speeds."""
    drawn = [draw_attributes("mountains+snow", seed) for seed in range(200)]
    assert {row.heading for row in drawn} == set(SCENES["snow"].headings)
    assert {row.palette for row in drawn} == set(CLASSES["palette"])
    assert {row.speed for row in drawn} == set(CLASSES["speed"])
    assert draw_attributes("fire", 0).heading == "none"


def test_softening_keeps_the_picture() -> None:
    """A softened clip has other values, but not very other ones; the same dice soften it the same way."""
    column_W, row_H = torch.linspace(0, 6, 144), torch.linspace(0, 4, 80)
    clip = (0.5 + 0.2 * torch.sin(column_W) * torch.cos(row_H)[:, None]).expand(16, 3, 80, 144)
    for seed in range(8):
        soft = soften(clip, random.Random(seed))
        assert soft.shape == clip.shape
        assert 0.001 < float((soft - clip).abs().mean()) < 0.2
        assert float(torch.corrcoef(torch.stack((soft.flatten(), clip.flatten())))[0, 1]) > 0.7
        assert torch.equal(soft, soften(clip, random.Random(seed)))


def test_every_clip_to_learn_from_is_softened_in_several_ways() -> None:
    """Clips to learn from come softened, VARIANTS to each; those to be tested on once, as they were drawn."""
    soft = extract_clip("fire", training.TRAINING_SEED, soft=True)
    drawn = extract_clip("fire", training.TRAINING_SEED, soft=False)
    assert len(soft) == VARIANTS and len(drawn) == 1
    assert not any(torch.equal(one, other) for one, other in zip(soft, soft.roll(1, 0), strict=True))


def test_half_of_a_batch_is_mirrored_with_its_headings() -> None:
    """What goes left goes right when mirrored; a scene without a heading keeps none."""
    left, right = (CLASSES["heading"].index(name) for name in ("left", "right"))
    labels = {name: torch.zeros(1, dtype=torch.long) for name in CLASSES} | {"heading": torch.tensor([left])}
    clips = Clips(torch.zeros(1, 66, 10, 18, dtype=torch.float16), labels)
    _, batch = batch_of(clips, torch.Generator().manual_seed(0), 4)
    assert batch["heading"].tolist() == [right, right, left, left]
    still = Clips(clips.described_NChw, labels | {"heading": torch.tensor([-1])})
    assert batch_of(still, torch.Generator().manual_seed(0), 4)[1]["heading"].tolist() == [-1] * 4
