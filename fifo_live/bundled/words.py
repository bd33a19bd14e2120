"""A static table of word vectors, and the way from any text to vectors that training has seen.

A word of the caption grammar has its own vector. Another word takes a mixture of the grammar words it is most similar
to, weighted by how similar they are; a word similar to none of them is left out. A word outside the table is read as
the name that the grammar lists it under; any other as the mean of its longest pieces. Shapes: V words of the table, G
words of the grammar, L words of a text, E entries of a vector.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import torch
import torch.nn.functional as nnf
from safetensors.torch import load_file
from torch import Tensor

from fifo_live.bundled.scenes import TABLES

MAX_WORDS = 32
NEIGHBOURS = 4
SHARPNESS = 20.0  # of the softmax over similarities
# Cosines at which a foreign word begins to count and counts fully; found on paraphrases and on unrelated nouns.
GATE = (0.50, 0.65)


def split_words(text: str) -> list[str]:
    """Lower-case Latin words and numbers of a text, accents removed."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return re.findall(r"[a-z0-9]+", plain)[:MAX_WORDS]


@dataclass(frozen=True)
class Vocabulary:
    """Words that the training's captions can hold: vocabulary.json, which the training writes."""

    words: tuple[str, ...]  # every one of them, sorted
    content: frozenset[str]  # those that say something about the picture
    listed_under: dict[str, str]  # the scene, palette, pace or heading that lists a word first


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary of the bundled model."""
    tables = json.loads((TABLES / "vocabulary.json").read_text(encoding="utf-8"))
    listed_under = {word: name for name, words in tables["listed_under"].items() for word in words}
    return Vocabulary(tuple(tables["words"]), frozenset(tables["content"]), listed_under)


@dataclass(frozen=True)
class WordTable:
    """Unit vectors (V, E) of the words, as 8-bit integers in the file."""

    words: tuple[str, ...]
    vectors_VE: Tensor

    @classmethod
    def load(cls, folder: Path) -> WordTable:
        words = tuple((folder / "words.txt").read_text(encoding="utf-8").split("\n"))
        stored_VE = load_file(folder / "words.safetensors")["vectors"]
        return cls(words, nnf.normalize(stored_VE.float(), dim=1))

    @cached_property
    def index(self) -> dict[str, int]:
        return {word: place for place, word in enumerate(self.words)}

    @cached_property
    def known(self) -> tuple[str, ...]:
        return tuple(word for word in vocabulary().words if word in self.index)

    @cached_property
    def known_GE(self) -> Tensor:
        return self.vectors_VE[[self.index[word] for word in self.known]]

    def raw_vector(self, word: str) -> Tensor | None:
        """The word's own vector, that of the name it is listed under, or the mean of its longest pieces.

        None if it has no piece of 3 letters.
        """
        if word in self.index:
            return self.vectors_VE[self.index[word]]
        listed_under = vocabulary().listed_under
        name = listed_under.get(word) or listed_under.get(word.removesuffix("s"))
        if name is not None:
            return self.vectors_VE[self.index[name]]
        pieces = self._pieces(word)
        if not pieces:
            return None
        return nnf.normalize(self.vectors_VE[pieces].mean(0), dim=0)

    def _pieces(self, word: str) -> list[int]:
        """Cut a word, from its start, into the longest entries of the table; `##` marks a piece that goes on."""
        pieces: list[int] = []
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            ends = (end for end in range(len(word), start + 2, -1) if prefix + word[start:end] in self.index)
            end = next(ends, None)
            if end is None:
                return pieces
            pieces.append(self.index[prefix + word[start:end]])
            start = end
        return pieces

    def vector(self, word: str) -> Tensor | None:
        """The vector that the text encoder reads for a word; None if the word is too unlike the grammar."""
        if word in self._places:
            return self.known_GE[self._places[word]]
        raw_E = self.raw_vector(word)
        if raw_E is None:
            return None
        similar, place = (self.known_GE @ raw_E).topk(NEIGHBOURS)
        trust = (float(similar[0]) - GATE[0]) / (GATE[1] - GATE[0])
        if trust <= 0:
            return None
        weight_N1 = torch.softmax(SHARPNESS * similar, 0).unsqueeze(1)
        mixed_E = (weight_N1 * self.known_GE[place]).sum(0)
        return nnf.normalize(mixed_E, dim=0) * min(1.0, 0.3 + 0.7 * trust)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {word: place for place, word in enumerate(self.known)}

    def nearest(self, word: str) -> str | None:
        """The grammar word that a word is read as, or None."""
        if word in self._places:
            return word
        raw_E = self.raw_vector(word)
        if raw_E is None:
            return None
        similar, place = (self.known_GE @ raw_E).max(0)
        return self.known[int(place)] if float(similar) > GATE[0] else None
