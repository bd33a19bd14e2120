"""The classifier, with the weights of the repository, and what it reads in clips that nobody was trained on."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from pathlib import Path

import pytest
import torch

from fifo_live.bundled.classifier import (
    CLASSES,
    STRETCH,
    Classifier,
    Reading,
    load_classifier,
    load_record,
    read,
    save_classifier,
    shrink,
)
from fifo_live.bundled.features import HEIGHT, WIDTH
from fifo_live.bundled.weights import FOLDER
from fifo_live.training.classifier import draw_attributes
from fifo_live.training.clips import HEADINGS, SPEEDS, Attributes, render
from fifo_live.training.palettes import PALETTES
from fifo_live.training.scenes import COMBINATIONS, SCENES

FRESH_SEED = 3_000_000_000
LIMIT_BYTES = 2_000_000


def test_it_answers_in_the_words_of_the_tables() -> None:
    """Its classes are the scenes, alone and combined, the palettes, the speeds and the headings."""
    assert CLASSES["scene"] == (*SCENES, *("+".join(pair) for pair in COMBINATIONS))
    assert CLASSES["palette"] == PALETTES
    assert CLASSES["speed"] == tuple(SPEEDS)
    assert {*CLASSES["heading"], "none"} == set(HEADINGS)


def test_pictures_of_any_size_are_averaged_down() -> None:
    """A picture keeps its light and its sides when it is shrunk."""
    frames = torch.zeros(2, 320, 576, 3, dtype=torch.uint8)
    frames[:, :, 288:, 0] = 255
    small = shrink(frames)
    assert small.shape == (2, 3, HEIGHT, WIDTH)
    assert small[:, 0].mean((0, 1))[[0, -1]].tolist() == [0, 1]
    assert float(small[:, 1:].max()) == 0


def test_a_rest_is_left_out_and_too_little_is_an_error() -> None:
    """Only whole stretches are read."""
    classifier = Classifier().eval()
    frames = torch.randint(256, (2 * STRETCH + 3, HEIGHT, WIDTH, 3), dtype=torch.uint8)
    assert len(read(classifier, frames)[1]) == 2
    with pytest.raises(ValueError, match="16 frames at a time; it was given 15"):
        read(classifier, frames[:15])


def test_weights_survive_saving(tmp_path: Path) -> None:
    """What is saved in half precision and loaded again answers nearly the same."""
    classifier, described = Classifier().eval(), torch.randn(3, 66, 10, 18)
    save_classifier(tmp_path, classifier.state_dict())
    with torch.inference_mode():
        before, after = (each.features(described) for each in (classifier, load_classifier(tmp_path)))
    assert float((before - after).abs().max()) < 0.02


def test_the_weights_are_small_and_their_record_lies_beside_them() -> None:
    """At most 2 MB; the record has an accuracy for every group."""
    assert (FOLDER / "classifier.safetensors").stat().st_size <= LIMIT_BYTES
    record = load_record()
    assert record["accuracy"].keys() == CLASSES.keys()
    assert record["held_out_clips"] >= 20 * len(CLASSES["scene"])


@cache
def readings() -> list[tuple[Attributes, Reading]]:
    """What the classifier of the repository reads in one clip of every kind of scene, from fresh seeds."""
    classifier, found = load_classifier(), []
    for number, kind in enumerate(CLASSES["scene"]):
        attributes = draw_attributes(kind, FRESH_SEED + number)
        frames = render(attributes, FRESH_SEED + number, STRETCH, (2 * WIDTH, 2 * HEIGHT))
        found.append((attributes, read(classifier, frames)[0]))
    return found


@pytest.mark.parametrize(("group", "share"), [("scene", 0.85), ("palette", 0.85), ("heading", 0.85), ("speed", 0.75)])
def test_it_reads_fresh_clips(group: str, share: float) -> None:
    """Of clips drawn with seeds that were never used, it reads most right."""
    pairs = [(asdict(drawn)[group], asdict(seen)[group]) for drawn, seen in readings()]
    asked = [drawn == seen for drawn, seen in pairs if drawn != "none"]
    assert sum(asked) / len(asked) >= share, pairs
