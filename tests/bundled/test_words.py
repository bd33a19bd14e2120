"""The word table: every text becomes vectors that training has seen, or nothing."""

from __future__ import annotations

import pytest
import torch

from fifo_live.bundled.weights import FOLDER
from fifo_live.bundled.words import MAX_WORDS, WordTable, split_words, vocabulary


@pytest.fixture(scope="module")
def table() -> WordTable:
    return WordTable.load(FOLDER)


def test_a_text_is_split_into_plain_words() -> None:
    """Case, accents and punctuation do not matter; other scripts and pictures give nothing."""
    assert split_words("A Café-blue SEA, please!") == ["a", "cafe", "blue", "sea", "please"]
    assert split_words("\U0001f600 海") == []
    assert len(split_words("sea " * 500)) == MAX_WORDS


def test_every_grammar_word_that_says_something_is_read(table: WordTable) -> None:
    """A word of a scene, colour, pace or heading has a vector: its own, or that of the name it is listed under."""
    assert all(table.vector(word) is not None for word in vocabulary().listed_under)
    words = vocabulary().words
    assert len(set(words) - set(table.words)) < 0.2 * len(words)


@pytest.mark.parametrize(("word", "name"), [("eiger", "mountains"), ("kimonos", "silk"), ("ibiza", "sea")])
def test_a_listed_word_outside_the_table_is_read_as_its_row(table: WordTable, word: str, name: str) -> None:
    """The table is never derived anew for a proper name."""
    assert word not in table.index
    assert table.nearest(word) == name


def test_rows_are_unit_vectors(table: WordTable) -> None:
    """8-bit storage keeps rows of length one, one row per word."""
    assert len(table.words) == len(table.vectors_VE) > 20_000
    assert torch.allclose(table.vectors_VE.norm(dim=1), torch.ones(len(table.words)), atol=1e-3)


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("pinecone", "pine"),
        ("creeks", "creek"),
        ("beachfront", "beach"),
        ("rivers", "river"),
        ("glacial", "glaciers"),
    ],
)
def test_a_foreign_word_is_read_as_its_neighbour(table: WordTable, word: str, known: str) -> None:
    """Words outside the grammar take the nearest word inside."""
    assert table.nearest(word) == known


@pytest.mark.parametrize("word", ["pizza", "xylophone", "president", "qwerty", "zzzz"])
def test_an_unlike_word_is_left_out(table: WordTable, word: str) -> None:
    """No random vector is made up for words that are like nothing in the grammar."""
    assert table.vector(word) is None
    assert table.nearest(word) is None


def test_a_foreign_vector_lies_among_known_ones(table: WordTable) -> None:
    """A mixture of neighbours is never longer than a word's own vector."""
    for word in ("waterfall", "volcanoes", "glittering", "harbour", "azores"):
        vector = table.vector(word)
        assert vector is None or float(vector.norm()) <= 1.001
