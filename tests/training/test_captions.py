"""Captions: many wordings, true to their meaning."""

from __future__ import annotations

import random

import pytest

from fifo_live.bundled.words import split_words
from fifo_live.training import grammar, templates
from fifo_live.training.captions import NAMES, Caption, minimal_pair, random_meaning, write_caption
from fifo_live.training.clips import Attributes
from fifo_live.training.nouns import NOUNS
from fifo_live.training.phrases import PARTS, PHRASES
from fifo_live.training.places import PLACES
from fifo_live.training.prompts import caption_of
from fifo_live.training.scenes import COMBINATIONS, SCENES


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_has_many_wordings(scene: str) -> None:
    """Every scene has thirty-five phrases or more, no two alike."""
    assert len(set(PHRASES[scene])) == len(PHRASES[scene]) >= 35


def test_no_phrase_belongs_to_two_scenes() -> None:
    """A wording has one meaning."""
    everything = [phrase for phrases in PHRASES.values() for phrase in phrases]
    assert len(set(everything)) == len(everything)


def test_the_grammar_names_what_the_renderer_draws() -> None:
    """Scenes, palettes, speeds and headings of the grammar are those of the clips."""
    assert set(PHRASES) == set(NAMES["scene"]) == set(SCENES)
    assert set(grammar.COLOURS) == set(NAMES["palette"])
    assert {heading for scene in SCENES.values() for heading in scene.headings} <= set(grammar.DIRECTIONS)


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_has_many_things(scene: str) -> None:
    """Every scene lists what is found in it, each thing once."""
    assert len(set(NOUNS[scene])) == len(NOUNS[scene]) >= 35


def test_an_idiom_is_no_direction() -> None:
    """Captions without a heading hold words of direction now and then."""
    rng = random.Random(6)
    texts = [write_caption(Caption("", "city"), rng).text for _ in range(300)]
    assert sum(bool({"down", "up", "left", "right"} & set(split_words(text))) for text in texts) >= 10


@pytest.mark.parametrize("scene", ["snow", ("city", "rain")], ids=str)
def test_nothing_that_is_shown_is_said_to_be_absent(scene: str | tuple[str, str]) -> None:
    """Captions deny other scenes now and then, and never their own."""
    rng = random.Random(7)
    texts = [write_caption(Caption("", scene), rng).text for _ in range(1500)]
    own = {
        text for name in (scene if isinstance(scene, tuple) else (scene,)) for text in templates.ABSENCES.get(name, ())
    }
    other = {text for row in templates.ABSENCES.values() for text in row if len(text.split()) > 1} - own
    assert not [text for text in texts if any(absent in text for absent in own)]
    assert sum(any(absent in text for absent in other) for text in texts) >= 10


@pytest.mark.parametrize("pair", COMBINATIONS, ids="+".join)
def test_a_combination_names_both_scenes(pair: tuple[str, str]) -> None:
    """A caption of two scenes has words of the one behind and of the one in front."""
    rng = random.Random(0)
    tables = (PARTS, PHRASES, NOUNS, PLACES, templates.STORMS)
    behind, front = (_words(tuple(text for table in tables for text in table.get(name, ()))) for name in pair)
    for _ in range(30):
        words = set(split_words(write_caption(Caption("", pair), rng).text))
        assert words & behind and words & front, words


def _words(phrases: tuple[str, ...]) -> set[str]:
    return {word for phrase in phrases for word in split_words(phrase)}


def test_every_mark_of_a_wording_is_filled() -> None:
    """No star, tilde or brace of the grammar's notation is left in a caption."""
    rng = random.Random(1)
    for _ in range(500):
        text = write_caption(random_meaning(rng), rng).text
        assert text and not set(text) & set("*~{}|"), text


def test_a_minimal_pair_differs_in_one_attribute() -> None:
    """The two captions of a pair agree in all but one of scene, palette, speed and heading."""
    rng = random.Random(2)
    for _ in range(200):
        first, second = minimal_pair(rng)
        assert sum(getattr(first, name) != getattr(second, name) for name in NAMES) == 1


def test_minimal_pairs_tell_opposites_apart() -> None:
    """Left comes with right, and slow with fast."""
    rng = random.Random(3)
    pairs = {(first.heading, second.heading) for first, second in (minimal_pair(rng) for _ in range(400))}
    assert {("left", "right"), ("right", "left"), ("up", "down")} <= pairs


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


def test_a_clip_of_two_scenes_is_captioned_as_both() -> None:
    """The scene of a combination's captions is the pair, where they name one."""
    rng = random.Random(0)
    clip = Attributes("aurora+sea", "green+gold", "slow", "left")
    captions = [caption_of(clip, rng) for _ in range(100)]
    assert {caption.scene for caption in captions} == {("aurora", "sea"), None}
    assert {caption.palette for caption in captions} == {("green", "gold"), None}


def test_what_is_natural_is_often_left_out() -> None:
    """Captions of a clip in its scene's own colours name them less often than strange colours."""
    rng = random.Random(0)
    natural = [caption_of(Attributes("fire", "orange", "fast", "none"), rng).palette for _ in range(300)]
    strange = [caption_of(Attributes("fire", "blue", "fast", "none"), rng).palette for _ in range(300)]
    assert natural.count(None) > 2 * strange.count(None)
