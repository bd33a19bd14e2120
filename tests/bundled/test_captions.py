"""Captions: many wordings, true to their meaning."""

from __future__ import annotations

import random

import pytest

from fifo_live.bundled import grammar
from fifo_live.bundled.captions import NAMES, Caption, random_meaning, write_caption
from fifo_live.bundled.clips import Attributes
from fifo_live.bundled.scenes import SCENES
from fifo_live.bundled.training.prompts import describe


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_has_many_wordings(scene: str) -> None:
    """Every scene has ten phrases or more, no two alike."""
    phrases = grammar.PHRASES[scene]
    assert len(set(phrases)) == len(phrases) >= 10


def test_no_phrase_belongs_to_two_scenes() -> None:
    """A wording has one meaning."""
    everything = [phrase for phrases in grammar.PHRASES.values() for phrase in phrases]
    assert len(set(everything)) == len(everything)


def test_the_grammar_names_what_the_renderer_draws() -> None:
    """Scenes, palettes, speeds and headings of the grammar are those of the clips."""
    assert set(grammar.PHRASES) == set(NAMES["scene"]) == set(SCENES)
    assert set(grammar.COLOURS) == set(NAMES["palette"])
    assert {heading for scene in SCENES.values() for heading in scene.headings} <= set(grammar.DIRECTIONS)


def test_a_seed_writes_the_same_caption() -> None:
    """Captions depend on the random generator alone."""
    texts = [
        [write_caption(random_meaning(rng), rng).text for _ in range(20)]
        for rng in (random.Random(3), random.Random(3))
    ]
    assert texts[0] == texts[1]
    assert len(set(texts[0])) == 20


def test_a_caption_says_its_colour() -> None:
    """One of the palette's wordings is in the text."""
    rng = random.Random(0)
    for _ in range(50):
        text = write_caption(Caption("", "sea", "green"), rng).text
        assert any(word in text for word in grammar.COLOURS["green"]), text


def test_what_is_natural_is_often_left_out() -> None:
    """Captions of a clip in its scene's own colours name them less often than strange colours."""
    rng = random.Random(0)
    natural = [describe(Attributes("fire", "orange", "fast", "none"), rng).palette for _ in range(300)]
    strange = [describe(Attributes("fire", "blue", "fast", "none"), rng).palette for _ in range(300)]
    assert natural.count(None) > 2 * strange.count(None)
