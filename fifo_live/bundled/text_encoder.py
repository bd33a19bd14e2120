"""From a prompt to what it asks for: shares of every scene, palette, speed and heading.

The conditioning of the denoiser is these shares, one group after the other, each group summing to one; the last
share of a group is "not said". So a blend of two prompts is a blend of what they ask for. What a prompt leaves
unsaid is filled in with what is natural for its scene, so the denoiser is never left to guess.
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
from fifo_live.bundled.scenes import SCENES
from fifo_live.bundled.words import MAX_WORDS, WordTable, split_words

GROUPS: dict[str, int] = {name: len(values) + 1 for name, values in NAMES.items()}
ENTRIES = sum(GROUPS.values())
WIDTH = 128
TEMPERATURE = 0.7
STAND_IN = "plasma"  # the scene of a prompt that names none


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
    """Softmax within every group, somewhat sharper than the noise of the training would have it."""
    parts = torch.split(logits_PA, list(GROUPS.values()), dim=1)
    return torch.cat([(part / TEMPERATURE).softmax(1) for part in parts], dim=1)


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
    """The vectors of the words of a text; none at all if it holds nothing but small and unknown words."""
    if not understood_words(table, text):
        return []
    vectors = (table.vector(word) for word in split_words(text))
    return [vector for vector in vectors if vector is not None]


@torch.inference_mode()
def encode(encoder: TextEncoder, table: WordTable, texts: Sequence[str]) -> Tensor:
    """Return the conditioning (P, A) of texts: what they ask for, the unsaid filled in."""
    packed = pack([read_words(table, text) for text in texts], table.vectors_VE.shape[1])
    asked_PA = shares(encoder(*packed))
    scene_PA = fill(asked_PA, named_shares(scene=STAND_IN))
    num_scenes = len(NAMES["scene"])
    return fill(asked_PA, scene_PA[:, :num_scenes] @ _natural_shares() / scene_PA[:, :num_scenes].sum(1, keepdim=True))


def named_shares(
    scene: str | None = None, palette: str | None = None, speed: str | None = None, heading: str | None = None
) -> Tensor:
    """The shares (A) of attributes known for certain; two palettes "shadows+lights" have half each."""
    given = {"scene": scene, "palette": palette, "speed": speed, "heading": heading}
    row: list[float] = []
    for group, names in NAMES.items():
        values = (given[group] or "").split("+")
        part = [0.0] * GROUPS[group]
        for value in values:
            part[names.index(value) if value in names else -1] += 1 / len(values)
        row += part
    return torch.tensor(row)


def fill(asked_PA: Tensor, wanted_PA: Tensor) -> Tensor:
    """Move every group's share "not said" to what is wanted there."""
    parts = []
    sizes = list(GROUPS.values())
    wanted = torch.split(wanted_PA.expand_as(asked_PA), sizes, dim=1)
    for asked, natural in zip(torch.split(asked_PA, sizes, dim=1), wanted, strict=True):
        said = torch.cat((asked[:, :-1], torch.zeros_like(asked[:, -1:])), dim=1)
        parts.append(said + asked[:, -1:] * natural)
    return torch.cat(parts, dim=1)


@cache
def _natural_shares() -> Tensor:
    """(scenes, A): what each scene is like when nothing more is said."""
    rows = [
        named_shares(name, scene.palettes[0], "medium", scene.headings[0] if scene.headings else None)
        for name, scene in SCENES.items()
    ]
    return torch.stack(rows)


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
