"""Captions: many ways to say what a clip shows, and the attributes each caption names."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from fifo_live.training import grammar, templates
from fifo_live.training.nouns import NOUNS
from fifo_live.training.palettes import PALETTES
from fifo_live.training.phrases import JOINTS, PARTS, PHRASES, WEATHER
from fifo_live.training.places import LANDS, PLACES
from fifo_live.training.scenes import COMBINATIONS, SCENES

NAMES: dict[str, tuple[str, ...]] = {
    "scene": tuple(SCENES),
    "palette": PALETTES,
    "speed": tuple(grammar.PACES),
    "heading": tuple(grammar.DIRECTIONS),
}
OPPOSITES: dict[str, str] = {
    one: other
    for pair in (("left", "right"), ("up", "down"), ("forward", "backward"), ("slow", "fast"))
    for one, other in (pair, pair[::-1])
}


@dataclass(frozen=True)
class Caption:
    """A text, and what it says of each attribute: None where it says nothing.

    A scene may be a pair (behind, front), a palette a pair (shadows, lights).
    """

    text: str
    scene: str | tuple[str, str] | None = None
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
        _place(*_direction(meaning.heading, rng), starts, ends)
    elif rng.random() < 0.15:
        _place(*rng.choice(((rng.choice(grammar.MOTIONS), ""), ("", rng.choice(grammar.MOTIONS)))), starts, ends)
    if rng.random() < 0.25:
        starts.append(rng.choice(grammar.FILLERS))
    if rng.random() < 0.25:
        ends.append(_aside(meaning.scene, rng))
    rng.shuffle(starts)
    rng.shuffle(ends)
    fronts = [ends.pop()] if ends and rng.random() < 0.2 else []
    body = _insert(_phrase(meaning.scene, rng), " ".join(starts), rng)
    joint = rng.choice((", ", " ", " and "))
    said = joint.join([*fronts, body, *ends])
    text = " ".join(f"{rng.choice(grammar.FILLER_STARTS)} {said} {rng.choice(grammar.FILLER_ENDS)}".split())
    return replace(meaning, text=text.replace(" ,", ",").strip(", "))


def _phrase(scene: str | tuple[str, str] | None, rng: random.Random) -> str:
    """Words for a scene, for two scenes in one picture, or for none; `*` marks where adjectives may go."""
    if scene is None:
        return rng.choice(grammar.NO_SCENE)
    if isinstance(scene, str):
        return rng.choice(PHRASES[scene]) if rng.random() < 0.45 else _sentence(scene, rng)
    behind, front = scene
    if front not in WEATHER:
        return rng.choice(JOINTS).format(behind=_part(behind, rng), front=_part(front, rng))
    if rng.random() < 0.4:
        return rng.choice(WEATHER[front]).format(behind=_part(behind, rng))
    storm = rng.choice(templates.STORMS[front])
    return rng.choice(templates.STORM_TEMPLATES).format(p=_part(behind, rng).replace("*", ""), w=storm)


def _sentence(scene: str, rng: random.Random) -> str:
    """A sentence around things of the scene, and a place in it if it has any; or around things alone."""
    first, second = rng.sample(NOUNS[scene], 2)
    if scene in PLACES and rng.random() < 0.5:
        return rng.choice(templates.PLACE_TEMPLATES[scene]).format(a=first, p=rng.choice(PLACES[scene]))
    return rng.choice(templates.NOUN_TEMPLATES).format(a=first, b=second)


def _part(scene: str, rng: random.Random) -> str:
    """Words for one scene of two: a place in it, if it is land; a plain noun phrase; or what is found there."""
    form = rng.random()
    if form < 0.4 and scene in PLACES and scene != "aurora":
        return rng.choice(PLACES[scene])
    return rng.choice(NOUNS[scene] if form > 0.8 else PARTS[scene])


def _aside(scene: str | tuple[str, str] | None, rng: random.Random) -> str:
    """Words that carry nothing: a land, onlookers, what is not there, or an idiom with a word of direction in it."""
    form = rng.random()
    if form < 0.2:
        return f"{rng.choice(('in', 'over', 'of', 'somewhere in'))} {rng.choice(LANDS)}"
    if form < 0.45:
        return rng.choice(templates.ONLOOKING).format(o=rng.choice(templates.ONLOOKERS))
    if form < 0.6 and scene is not None:
        absent = [name for name in templates.ABSENCES if name not in (scene if isinstance(scene, tuple) else (scene,))]
        return rng.choice(templates.ABSENCES[rng.choice(absent)])
    return rng.choice(templates.IDIOMS)


def _insert(phrase: str, adjectives: str, rng: random.Random) -> str:
    """Put adjectives in the place of one `*` of a phrase, and nothing in the place of the others."""
    parts = phrase.split("*")
    place = rng.randrange(1, len(parts)) if len(parts) > 1 else 0
    gaps = [adjectives if number == place else "" for number in range(1, len(parts))]
    return parts[0] + "".join(gap + part for gap, part in zip(gaps, parts[1:], strict=True))


def _place(as_start: str, as_end: str, starts: list[str], ends: list[str]) -> None:
    if as_start:
        starts.append(as_start)
    if as_end:
        ends.append(as_end)


def _colour(palette: str | tuple[str, str], rng: random.Random) -> tuple[str, str]:
    """Return the colour as an adjective or as an ending; the other is empty."""
    if isinstance(palette, tuple):
        pair = f"{_shade(palette[0], rng)} and {_shade(palette[1], rng)}"
        return (pair, "") if rng.random() < 0.6 else ("", f"in {pair}")
    if palette == "sunset" and rng.random() < 0.7:
        return "", rng.choice(grammar.SUNSET_ENDINGS)
    word = _shade(palette, rng)
    form = rng.random()
    if form < 0.65:
        return word, ""
    return "", rng.choice(grammar.COLOUR_ENDINGS).format(colour=word)


def _shade(palette: str, rng: random.Random) -> str:
    """One of the palette's words; a shade such as "dark" may stand before a plain colour."""
    words = grammar.COLOURS[palette]
    plain = palette not in ("silver", "sunset", "rainbow")
    form = rng.random()
    if form < 0.15 and plain:
        return f"{rng.choice(grammar.SHADES)} {words[0]}"
    return rng.choice(words[:3] if form < 0.4 else words)


def _pace(speed: str, rng: random.Random) -> tuple[str, str]:
    if rng.random() < 0.55:
        return rng.choice(grammar.PACES[speed]), ""
    return "", rng.choice(grammar.PACE_ENDINGS[speed])


def _direction(heading: str, rng: random.Random) -> tuple[str, str]:
    """A wording of the heading; one word such as "rising" may stand before the noun."""
    wording = rng.choice(grammar.DIRECTIONS[heading])
    verb = rng.choice(grammar.MOTIONS) if rng.random() < 0.8 else ""
    text = wording.replace("~", verb).strip()
    return (text, "") if " " not in text and rng.random() < 0.5 else ("", text)


def random_meaning(rng: random.Random) -> Caption:
    """Draw what a caption says, each attribute independently; one in eight names no scene, one in four two."""
    scene: str | tuple[str, str] | None = rng.choice(NAMES["scene"])
    chance = rng.random()
    if chance < 0.12:
        scene = None
    elif chance < 0.40:
        scene = rng.choice(COMBINATIONS)
    speed = rng.choice(NAMES["speed"]) if rng.random() < 0.45 else None
    heading = rng.choice(NAMES["heading"]) if rng.random() < 0.35 else None
    meaning = Caption("", scene, _random_palette(rng), speed, heading)
    if (meaning.scene, meaning.palette, speed, heading) == (None, None, None, None):
        return replace(meaning, speed=rng.choice(NAMES["speed"]))
    return meaning


def _random_palette(rng: random.Random) -> str | tuple[str, str] | None:
    chance = rng.random()
    if chance < 0.10:
        first, second = rng.sample(PALETTES[:-2], 2)
        return first, second
    return rng.choice(PALETTES) if chance < 0.65 else None


def minimal_pair(rng: random.Random) -> tuple[Caption, Caption]:
    """Two captions in the same wording that differ in one attribute: its other end, or another value."""
    first = random_meaning(rng)
    group = rng.choice([name for name in NAMES if getattr(first, name) is not None])
    others = [value for value in NAMES[group] if value != getattr(first, group)]
    opposite = OPPOSITES.get(getattr(first, group), "")
    second = replace(first, **{group: opposite if opposite and rng.random() < 0.8 else rng.choice(others)})
    seed = rng.getrandbits(32)
    return write_caption(first, random.Random(seed)), write_caption(second, random.Random(seed))
