"""Captions: many ways to say what a clip shows, and the attributes each caption names."""

from __future__ import annotations

import random
from dataclasses import dataclass

from fifo_live.bundled import grammar
from fifo_live.bundled.palettes import PALETTES
from fifo_live.bundled.scenes import SCENES

NAMES: dict[str, tuple[str, ...]] = {
    "scene": tuple(SCENES),
    "palette": PALETTES,
    "speed": tuple(grammar.PACES),
    "heading": tuple(grammar.DIRECTIONS),
}


@dataclass(frozen=True)
class Caption:
    """A text, and what it says of each attribute: None where it says nothing. A palette may be a pair."""

    text: str
    scene: str | None = None
    palette: str | tuple[str, str] | None = None
    speed: str | None = None
    heading: str | None = None


def write_caption(meaning: Caption, rng: random.Random) -> Caption:
    """Say the meaning in one of many ways; returns it with its text."""
    starts: list[str] = []
    ends: list[str] = []
    if meaning.palette is not None:
        _place(*_colour(meaning.palette, rng), starts, ends)
    if meaning.speed is not None:
        _place(*_pace(meaning.speed, rng), starts, ends)
    if meaning.heading is not None:
        ends.append(rng.choice(grammar.DIRECTIONS[meaning.heading]))
    rng.shuffle(starts)
    rng.shuffle(ends)
    phrases = grammar.PHRASES[meaning.scene] if meaning.scene else grammar.NO_SCENE
    body = rng.choice(phrases).replace("*", " ".join(starts))
    joint = rng.choice((", ", " "))
    words = [rng.choice(grammar.FILLER_STARTS), joint.join([body, *ends]), rng.choice(grammar.FILLER_ENDS)]
    text = " ".join(" ".join(words).split()).replace(" ,", ",").strip(", ")
    return Caption(text, meaning.scene, meaning.palette, meaning.speed, meaning.heading)


def _place(as_start: str, as_end: str, starts: list[str], ends: list[str]) -> None:
    if as_start:
        starts.append(as_start)
    if as_end:
        ends.append(as_end)


def _colour(palette: str | tuple[str, str], rng: random.Random) -> tuple[str, str]:
    """Return the colour as an adjective or as an ending; the other is empty."""
    if isinstance(palette, tuple):
        first, second = (rng.choice(grammar.COLOURS[name]) for name in palette)
        pair = f"{first} and {second}"
        return (pair, "") if rng.random() < 0.6 else ("", f"in {pair}")
    if palette == "sunset" and rng.random() < 0.7:
        return "", rng.choice(grammar.SUNSET_ENDINGS)
    word = rng.choice(grammar.COLOURS[palette])
    form = rng.random()
    if form < 0.65:
        return word, ""
    return "", rng.choice((f"in {word}", f"all in {word}", f"coloured {word}", f"with {word} light", f"{word} tones"))


def _pace(speed: str, rng: random.Random) -> tuple[str, str]:
    if rng.random() < 0.6:
        return rng.choice(grammar.PACES[speed]), ""
    return "", rng.choice(grammar.PACE_ENDINGS[speed])


def random_meaning(rng: random.Random) -> Caption:
    """Draw what a caption says, each attribute independently; one in ten names no scene."""
    scene = rng.choice(NAMES["scene"]) if rng.random() < 0.9 else None
    palette: str | tuple[str, str] | None = None
    chance = rng.random()
    if chance < 0.10:
        first, second = rng.sample(PALETTES[:-2], 2)
        palette = (first, second)
    elif chance < 0.65:
        palette = rng.choice(PALETTES)
    speed = rng.choice(NAMES["speed"]) if rng.random() < 0.45 else None
    heading = rng.choice(NAMES["heading"]) if rng.random() < 0.30 else None
    if scene is None and palette is None and speed is None:
        speed = rng.choice(NAMES["speed"])
    return Caption("", scene, palette, speed, heading)
