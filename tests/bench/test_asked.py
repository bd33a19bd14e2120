"""Facts about the prompts that `bench prompts` asks."""

from functools import cache
from itertools import product

import pytest

from fifo_live.bench.asked import ASKED, Asked
from fifo_live.bundled import grammar
from fifo_live.bundled.clips import SPEEDS
from fifo_live.bundled.palettes import PALETTES
from fifo_live.bundled.phrases import JOINTS, PARTS, PHRASES, WEATHER
from fifo_live.bundled.scenes import COMBINATIONS, SCENES
from fifo_live.bundled.words import split_words


def words_of(text: str) -> frozenset[str]:
    """The words of a text; what a pattern leaves open is none."""
    return frozenset(split_words(text.format(behind="", front="", colour="") if "{" in text else text))


@cache
def bodies() -> frozenset[frozenset[str]]:
    """The words of everything that a caption can be built around: a scene, two of them, or none."""
    texts = [*grammar.NO_SCENE, *(text for row in PHRASES.values() for text in row)]
    for behind, front in COMBINATIONS:
        if front in WEATHER:
            texts += [f"{pattern} {part}" for pattern, part in product(WEATHER[front], PARTS[behind])]
        else:
            texts += [" ".join(parts) for parts in product(JOINTS, PARTS[behind], PARTS[front])]
    return frozenset(words_of(text.replace("{behind}", "").replace("{front}", "")) for text in texts)


@cache
def additions() -> frozenset[str]:
    """Every word that a caption can have beside its body: colours, paces, directions, fillers."""
    tables = [value for name, value in vars(grammar).items() if name.isupper()]
    rows = [row for table in tables for row in (table.values() if isinstance(table, dict) else [table])]
    return frozenset(word for row in rows for text in row for word in words_of(text)) | {"and", "in"}


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.text)
def test_no_caption_has_a_prompts_wording(asked: Asked) -> None:
    """Whatever body a caption is built around, the prompt has a word less than it or one that can not be added."""
    words = words_of(asked.text)
    assert [sorted(body) for body in bodies() if body <= words and words - body <= additions()] == []


def test_additions_and_bodies_make_captions() -> None:
    """The test above would find a caption: what the grammar writes is built of a body and additions."""
    for phrase in PHRASES["sea"]:
        words = words_of(f"{phrase} {grammar.COLOURS['red'][0]}")
        assert any(body <= words and words - body <= additions() for body in bodies())


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
