"""From a prompt to what it asks for: shares of every scene, palette, speed and heading.

The conditioning of the denoiser is these shares, one group after the other, each group summing to one; the last
share of a group is "not said". So a blend of two prompts is a blend of what they ask for.
Shapes: P prompts, L words, E entries of a word vector, D width, A entries of the conditioning.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from fifo_live.bundled import grammar
from fifo_live.bundled.captions import NAMES
from fifo_live.bundled.words import MAX_WORDS, WordTable, split_words

GROUPS: dict[str, int] = {name: len(values) + 1 for name, values in NAMES.items()}
ENTRIES = sum(GROUPS.values())
WIDTH = 128


class Layer(nn.Module):
    """A transformer layer (arXiv 1706.03762), normalised before each part."""

    def __init__(self) -> None:
        super().__init__()
        self.project = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.wide = nn.Linear(WIDTH, 2 * WIDTH)
        self.narrow = nn.Linear(2 * WIDTH, WIDTH)

    def forward(self, x_PLD: Tensor, mask_PL: Tensor) -> Tensor:
        inner = nnf.layer_norm(x_PLD, (WIDTH,))
        q, k, v = self.project(inner).unflatten(-1, (3, 4, WIDTH // 4)).permute(2, 0, 3, 1, 4)
        mixed = nnf.scaled_dot_product_attention(q, k, v, attn_mask=mask_PL[:, None, None, :])
        x_PLD = x_PLD + self.out(mixed.transpose(1, 2).flatten(2))
        wide: Tensor = self.narrow(nnf.gelu(self.wide(nnf.layer_norm(x_PLD, (WIDTH,)))))
        return x_PLD + wide


class TextEncoder(nn.Module):
    def __init__(self, word_entries: int) -> None:
        super().__init__()
        self.first = nn.Linear(word_entries, WIDTH)
        self.place = nn.Parameter(0.02 * torch.randn(MAX_WORDS + 1, WIDTH))
        self.layers = nn.ModuleList(Layer() for _ in range(2))
        self.last = nn.Linear(WIDTH, ENTRIES)

    def forward(self, words_PLE: Tensor, mask_PL: Tensor) -> Tensor:
        """Return logits (P, A); the first of the L places is the reading place, whose vector is zero."""
        x_PLD = self.first(words_PLE) + self.place[: words_PLE.shape[1]]
        for layer in self.layers:
            x_PLD = layer(x_PLD, mask_PL)
        return self.last(nnf.layer_norm(x_PLD[:, 0], (WIDTH,)))  # type: ignore[no-any-return]


def shares(logits_PA: Tensor) -> Tensor:
    """Softmax within every group."""
    parts = torch.split(logits_PA, list(GROUPS.values()), dim=1)
    return torch.cat([part.softmax(1) for part in parts], dim=1)


def pack(texts: Sequence[Sequence[Tensor]], word_entries: int) -> tuple[Tensor, Tensor]:
    """Lay word vectors into (P, L, E) behind the reading place, with a mask of what is there."""
    longest = 1 + max((len(vectors) for vectors in texts), default=0)
    words_PLE = torch.zeros(len(texts), longest, word_entries)
    mask_PL = torch.zeros(len(texts), longest, dtype=torch.bool)
    mask_PL[:, 0] = True
    for row, vectors in enumerate(texts):
        if vectors:
            words_PLE[row, 1 : 1 + len(vectors)] = torch.stack(list(vectors))
            mask_PL[row, 1 : 1 + len(vectors)] = True
    return words_PLE, mask_PL


def read_words(table: WordTable, text: str) -> list[Tensor]:
    """The vectors of the words of a text that mean something to the encoder."""
    vectors = (table.vector(word) for word in split_words(text))
    return [vector for vector in vectors if vector is not None]


@torch.inference_mode()
def encode(encoder: TextEncoder, table: WordTable, texts: Sequence[str]) -> Tensor:
    """Return the shares (P, A) that texts ask for."""
    packed = pack([read_words(table, text) for text in texts], table.vectors_VE.shape[1])
    return shares(encoder(*packed))


def understood_words(table: WordTable, text: str) -> tuple[str, ...]:
    """The words of a text that say something about the picture: words of scenes, colours, paces and headings."""
    return tuple(word for word in split_words(text) if (table.nearest(word) or "") in content_words())


@cache
def content_words() -> frozenset[str]:
    """The grammar's words without those that are everywhere."""
    phrases = (grammar.PHRASES, grammar.COLOURS, grammar.PACES, grammar.PACE_ENDINGS, grammar.DIRECTIONS)
    texts = [text for table in phrases for row in table.values() for text in row] + list(grammar.SUNSET_ENDINGS)
    small = set(
        "a an the of in on at to from and with by it is as us down we like full out see seen over under".split()
    )
    return frozenset(word for text in texts for word in split_words(text)) - (small - {"down", "out"})
