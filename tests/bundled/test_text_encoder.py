"""The text encoder: ordinary paraphrases land on the right scene and colour, nonsense lands softly."""

from __future__ import annotations

from functools import cache

import pytest
import torch
from torch import Tensor

from fifo_live.bundled.captions import NAMES
from fifo_live.bundled.text_encoder import ENTRIES, GROUPS, STAND_IN, encode, understood_words
from fifo_live.bundled.weights import load_model
from tests.bundled.paraphrases import HELD_OUT


@cache
def shares_of(*texts: str) -> Tensor:
    model = load_model()
    return encode(model.text, model.table, texts)


def top(shares_A: Tensor, group: str) -> str:
    """The name of the largest share of a group; "" for "not said"."""
    parts = dict(zip(GROUPS, torch.split(shares_A, list(GROUPS.values())), strict=True))
    return (*NAMES[group], "")[int(parts[group].argmax())]


def test_held_out_paraphrases_land_on_their_scene_and_colour() -> None:
    """Nine of ten hand-written prompts outside the grammar find their scene, and the colour if they ask for one."""
    shares_PA = shares_of(*(text for text, _, _ in HELD_OUT))
    scenes = [top(row, "scene") == scene for row, (_, scene, _) in zip(shares_PA, HELD_OUT, strict=True)]
    colours = [top(row, "palette") == colour for row, (_, _, colour) in zip(shares_PA, HELD_OUT, strict=True) if colour]
    assert sum(scenes) >= 0.9 * len(HELD_OUT)
    assert sum(colours) >= 0.9 * len(colours)


@pytest.mark.parametrize("text", ["", "a cat", "\U0001f431", "猫と海", "xqzv", "pizza " * 300])
def test_every_text_gives_shares(text: str) -> None:
    """Whatever is typed, each group of shares sums to one, and nothing is infinite."""
    shares_PA = shares_of(text)
    assert shares_PA.shape == (1, ENTRIES)
    for part in torch.split(shares_PA, list(GROUPS.values()), dim=1):
        assert float(part.sum()) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "group", "name"),
    [
        ("a slow sea", "speed", "slow"),
        ("fast flames", "speed", "fast"),
        ("clouds drifting to the left", "heading", "left"),
        ("clouds moving from left to right", "heading", "right"),
        ("FIRE!!!", "scene", "fire"),
        ("something calm and blue", "palette", "blue"),
        ("something calm and blue", "speed", "slow"),
        ("a cat", "scene", STAND_IN),
        ("mountains", "speed", "medium"),
        ("northern lights", "palette", "green"),
    ],
)
def test_a_short_prompt_is_understood(text: str, group: str, name: str) -> None:
    """Pace, heading, colour and scene are each read from plain words."""
    assert top(shares_of(text)[0], group) == name


def test_prompts_of_a_batch_are_read_apart() -> None:
    """A prompt has the same shares alone and beside a longer one."""
    together = shares_of("the sea", "a very long and purple city at night with many lit windows")
    assert torch.allclose(together[:1], shares_of("the sea"), atol=1e-4)


def test_the_understood_words_are_told() -> None:
    """Words for scenes and colours are reported, small words and unknown ones are not."""
    table = load_model().table
    assert understood_words(table, "a crimson sea with pizza") == ("crimson", "sea")
    assert understood_words(table, "\U0001f431") == ()
