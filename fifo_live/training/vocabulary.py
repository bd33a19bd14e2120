"""The vocabulary of the captions: all words, those that say something, and what each is listed under."""

from __future__ import annotations

import re

from fifo_live.bundled.words import split_words
from fifo_live.training import grammar, templates
from fifo_live.training.nouns import NOUNS
from fifo_live.training.phrases import JOINTS, PARTS, PHRASES, WEATHER
from fifo_live.training.places import LANDS, PLACES

# Tables of words and sentences, a row for each scene.
NAMED = (NOUNS, PLACES, templates.PLACE_TEMPLATES, templates.STORMS, templates.ABSENCES)
SAID = (grammar.COLOURS, grammar.PACES, grammar.PACE_ENDINGS, grammar.DIRECTIONS)
# Words of the grammar that say nothing of the picture when they stand alone.
SMALL_WORDS = """
a against all among an and another are as at bad before behind bed big book but by can cats child cold colored colour
coloured colours could day do doctor dogs eight every first for four fourth from front full further go goes going good
great guy hand happy have hot hour house i if in into is it its itself just last life light lights like little long
lots machine making many me more most my new nine not of off old on one onto or other out over picture point points s
scene see seen seven show side so some something story stuff ten than that the their them there these things this
those thousand through time to too towards toy twenty under us very view we when where while who with without world
year you your
""".split()


def grammar_words() -> tuple[str, ...]:
    """Every word that a caption can hold, sorted."""
    tables = (PHRASES, PARTS, WEATHER, *NAMED, *SAID)
    texts = [text for table in tables for row in table.values() for text in row]
    rows = (
        *(JOINTS, templates.NOUN_TEMPLATES, templates.STORM_TEMPLATES, templates.IDIOMS, LANDS, grammar.NO_SCENE),
        *(templates.ONLOOKERS, templates.ONLOOKING),
        *(grammar.SUNSET_ENDINGS, grammar.COLOUR_ENDINGS, grammar.SHADES, grammar.MOTIONS),
        *(grammar.FILLERS, grammar.FILLER_STARTS, grammar.FILLER_ENDS),
    )
    texts += [text for row in rows for text in row]
    texts = [re.sub(r"{\w+}", "", text) for text in texts]
    return tuple(sorted({word for text in texts for word in split_words(text)}))


def listed_under() -> dict[str, str]:
    """The scene, palette, pace or heading that lists a word first."""
    tables = (NOUNS, PLACES, templates.STORMS, *SAID)
    found: dict[str, str] = {}
    for name, text in ((name, text) for table in tables for name, row in table.items() for text in row):
        for word in split_words(text):
            found.setdefault(word, name)
    return found


def content_words() -> frozenset[str]:
    """The grammar's words without those that are everywhere."""
    tables = (PHRASES, PARTS, WEATHER, NOUNS, PLACES, templates.STORMS, *SAID)
    texts = [text for table in tables for row in table.values() for text in row] + list(grammar.SUNSET_ENDINGS)
    return frozenset(word for text in texts for word in split_words(text)) - set(SMALL_WORDS)
