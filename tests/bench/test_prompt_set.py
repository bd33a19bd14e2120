"""Facts about the prompts that `bench prompts` asks."""

import random
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product

import pytest

from fifo_live.bench.prompt_set import ASKED, Asked
from fifo_live.bundled.words import split_words
from fifo_live.training import grammar, templates
from fifo_live.training.captions import Caption, write_caption
from fifo_live.training.clips import SPEEDS
from fifo_live.training.nouns import NOUNS
from fifo_live.training.palettes import PALETTES
from fifo_live.training.phrases import JOINTS, PARTS, PHRASES, WEATHER
from fifo_live.training.places import LANDS, PLACES
from fifo_live.training.scenes import COMBINATIONS, SCENES


@cache
def words_of(text: str) -> frozenset[str]:
    """The words of a text; what a pattern leaves open is none."""
    return frozenset(split_words(re.sub(r"{\w+}", "", text)))


@cache
def bodies() -> frozenset[frozenset[str]]:
    """The words of what a caption can be built around: a scene, two of them, or none; see `sentences` for the rest."""
    texts = [*grammar.NO_SCENE, *(text for row in PHRASES.values() for text in row)]
    for behind, front in COMBINATIONS:
        if front in WEATHER:
            texts += [f"{pattern} {part}" for pattern, part in product(WEATHER[front], PARTS[behind])]
        else:
            texts += [" ".join(parts) for parts in product(JOINTS, PARTS[behind], PARTS[front])]
    return frozenset(words_of(text) for text in texts)


def sentences(words: frozenset[str]) -> Iterator[frozenset[str]]:
    """The words of every sentence around things, places and weather that has no word beside the given ones."""
    for scene in SCENES:
        things, places = within(words, NOUNS[scene]), within(words, PLACES.get(scene, ()))
        patterns = (*templates.NOUN_TEMPLATES, *templates.PLACE_TEMPLATES.get(scene, ()))
        yield from filled(words, patterns, {"a": things, "b": things, "p": places})
    for behind, front in COMBINATIONS:
        parts = within(words, (*PARTS[behind], *PLACES.get(behind, ()), *NOUNS[behind]))
        if front in WEATHER:
            storms = within(words, templates.STORMS[front])
            yield from filled(words, templates.STORM_TEMPLATES, {"p": parts, "w": storms})
            yield from filled(words, WEATHER[front], {"behind": parts})
        else:
            fronts = within(words, (*PARTS[front], *PLACES.get(front, ()), *NOUNS[front]))
            yield from filled(words, JOINTS, {"behind": parts, "front": fronts})


@cache
def within(words: frozenset[str], texts: tuple[str, ...]) -> list[frozenset[str]]:
    """The words of those texts that have no others."""
    return [found for found in map(words_of, texts) if found <= words]


def filled(
    words: frozenset[str], patterns: Iterable[str], rows: dict[str, list[frozenset[str]]]
) -> Iterator[frozenset[str]]:
    """The words of patterns that have no others than the given ones, everything that is open in them filled in."""
    for pattern in patterns:
        if words_of(pattern) <= words:
            gaps = [rows[name] for name in re.findall(r"{(\w+)}", pattern)]
            yield from (words_of(pattern).union(*row) for row in product(*gaps))


@cache
def additions() -> frozenset[str]:
    """Every word that a caption can have beside its body: colours, paces, directions, fillers, asides, countries."""
    tables = [value for name, value in vars(grammar).items() if name.isupper()]
    rows = [row for table in tables for row in (table.values() if isinstance(table, dict) else [table])]
    asides = (templates.IDIOMS, templates.ONLOOKERS, templates.ONLOOKING, *templates.ABSENCES.values(), LANDS)
    said = [text for row in (*rows, *asides) for text in row]
    return frozenset(word for text in said for word in words_of(text)) | {"and", "in", "over", "of", "somewhere"}


def as_captions(text: str) -> list[list[str]]:
    """The bodies around which a caption of just these words could be built."""
    words = words_of(text)
    found = {*(body for body in bodies() if body <= words), *sentences(words)}
    return [sorted(body) for body in found if words - body <= additions()]


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.text)
def test_no_caption_has_a_prompts_wording(asked: Asked) -> None:
    """Whatever body a caption is built around, the prompt has a word less than it or one that cannot be added."""
    assert as_captions(asked.text) == []


@pytest.mark.parametrize("scene", [*SCENES, *COMBINATIONS], ids=str)
def test_the_captions_themselves_are_found(scene: str | tuple[str, str]) -> None:
    """The test above can fail: whatever the grammar writes, of one scene or of two, is seen as a caption."""
    for seed in range(4):
        meaning = Caption("", scene, palette="red", speed="fast", heading=None)
        assert as_captions(write_caption(meaning, random.Random(seed)).text)


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.text)
def test_a_prompt_asks_for_what_there_is(asked: Asked) -> None:
    """Scene, palette, speed and heading are in the model's tables, and the scene knows the heading."""
    assert asked.scene in (*SCENES, *("+".join(pair) for pair in COMBINATIONS))
    assert asked.palette in ("", *PALETTES)
    assert asked.speed in ("", *SPEEDS)
    assert asked.heading in ("", *SCENES[asked.scene.rpartition("+")[2]].headings)


def test_the_prompts_cover_what_the_model_knows() -> None:
    """Each scene alone at least three times, each palette; enough colours, speeds, directions and combinations."""
    texts = [asked.text for asked in ASKED]
    scenes = [asked.scene for asked in ASKED]
    assert len(set(texts)) == len(texts) >= 80
    assert [name for name in SCENES if scenes.count(name) < 3] == []
    assert {asked.palette for asked in ASKED} >= set(PALETTES)
    assert sum(bool(asked.palette) for asked in ASKED) >= 40
    assert sum(bool(asked.speed) for asked in ASKED) >= 20
    assert sum(bool(asked.heading) for asked in ASKED) >= 20
    assert sum("+" in scene for scene in scenes) >= 8
