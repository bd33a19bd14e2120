"""From a prompt to what it asks for: shares of every scene, palette, speed and heading.

The conditioning of the denoiser is these shares, one group after the other, each group summing to one; the last
share of a group is "not said". So a blend of two prompts is a blend of what they ask for. What a prompt leaves
unsaid is filled in with what is natural for its scene, so the denoiser is never left to guess.
Shapes: P prompts, L words, E entries of a word vector, D width, C choices, A entries of the conditioning.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from fifo_live.bundled.scenes import COMBINATIONS, NAMES, SCENES, WEATHER
from fifo_live.bundled.words import MAX_WORDS, WordTable, split_words, vocabulary

GROUPS: dict[str, int] = {name: len(values) + 1 for name, values in NAMES.items()}
ENTRIES = sum(GROUPS.values())
# What the encoder chooses between: a combination is a choice of its own, and has half a share for each of its scenes.
CHOICES: dict[str, tuple[str | tuple[str, str], ...]] = {**NAMES, "scene": (*NAMES["scene"], *COMBINATIONS)}
NUM_CHOICES = sum(len(choices) + 1 for choices in CHOICES.values())
WIDTH = 128
# Below one they sharpen what the noise of the training left vague. Of scenes one is chosen, unless two are nearly even:
# half of one picture and half of another are no picture. Of colours two may be asked for.
TEMPERATURES = {"scene": 0.1, "palette": 0.7, "speed": 0.7, "heading": 0.7}
PACE_DRIVE, PACE_LIFT = 1.5, 0.45  # since a stream moves less than the drawn clips
LIVELY = tuple(tuple(SCENES).index(name) for name in ("plasma", "city", "tunnel", "kaleidoscope"))  # not these
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
        self.last = nn.Linear(WIDTH, NUM_CHOICES)

    def forward(self, words_PLE: Tensor, mask_PL: Tensor) -> Tensor:
        """Return logits (P, C) of the choices; the first of the L places is the reading place, whose vector is zero."""
        x_PLD = self.first(words_PLE) + self.place[: words_PLE.shape[1]]
        for layer in self.layers:
            x_PLD = layer(x_PLD, mask_PL)
        return self.last(nnf.layer_norm(x_PLD[:, 0], (WIDTH,)))  # type: ignore[no-any-return]


class TextEnsemble(nn.Module):
    """Encoders trained alike from different beginnings: each guesses differently at words it never saw."""

    def __init__(self, encoders: Sequence[TextEncoder]) -> None:
        super().__init__()
        self.encoders = nn.ModuleList(encoders)

    def forward(self, words_PLE: Tensor, mask_PL: Tensor) -> Tensor:
        """Return the mean of the encoders' logits (P, C)."""
        return torch.stack([encoder(words_PLE, mask_PL) for encoder in self.encoders]).mean(0)


def by_group(x_PC: Tensor) -> tuple[Tensor, ...]:
    """Cut choices into their groups; the last of each group is "not said"."""
    return torch.split(x_PC, [len(choices) + 1 for choices in CHOICES.values()], dim=1)


def shares(logits_PC: Tensor) -> Tensor:
    """Softmax within every group, at the group's temperature; returns (P, A)."""
    groups = zip(by_group(logits_PC), TEMPERATURES.values(), strict=True)
    parts = [(part / temperature).softmax(1) for part, temperature in groups]
    return torch.cat((parts[0] @ _halves(), *parts[1:]), dim=1)


@cache
def _halves() -> Tensor:
    """(choices of a scene, shares of a scene): one for a scene and for "not said", two halves for a combination."""
    rows = [named_shares("+".join(scene) if isinstance(scene, tuple) else scene) for scene in (*CHOICES["scene"], None)]
    return torch.stack(rows)[:, : GROUPS["scene"]]


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
def encode(encoder: TextEnsemble, table: WordTable, texts: Sequence[str]) -> Tensor:
    """Return the conditioning (P, A) of texts: what they ask for, the unsaid filled in."""
    packed = pack([read_words(table, text) for text in texts], table.vectors_VE.shape[1])
    asked_PA = shares(encoder(*packed))
    scene_PA = fill(asked_PA, named_shares(scene=STAND_IN))
    natural_PA = torch.stack([natural_shares(row[: len(SCENES)]) for row in scene_PA])
    return driven(fill(asked_PA, natural_PA))


def driven(asked_PA: Tensor) -> Tensor:
    """Push paces away from the medium one, PACE_DRIVE times as far as a drawn clip's, and all of them towards fast.

    Lively scenes are left alone, half of each combination with one.
    """
    first = GROUPS["scene"] + GROUPS["palette"]
    paces = slice(first, first + GROUPS["speed"])
    medium, fast = (named_shares(speed=speed)[paces] for speed in ("medium", "fast"))
    driven_PA = asked_PA.clone()
    push_P1 = 1 - asked_PA[:, LIVELY].sum(1, keepdim=True)
    away = (PACE_DRIVE - 1) * (asked_PA[:, paces] - medium) + PACE_LIFT * (fast - medium)
    driven_PA[:, paces] += push_P1 * away
    return driven_PA


def named_shares(
    scene: str | None = None, palette: str | None = None, speed: str | None = None, heading: str | None = None
) -> Tensor:
    """The shares (A) of attributes known for certain; of two scenes "behind+front", or palettes, each has half."""
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


def natural_shares(scene_S: Tensor) -> Tensor:
    """What is natural (A) for shares of the S scenes: of a combination if they name one, else the scenes' mean."""
    pair = combination(scene_S)
    if pair is not None:
        return _natural_rows()[pair]
    rows_SA = torch.stack([_natural_rows()[name] for name in SCENES])
    return scene_S @ rows_SA / scene_S.sum()


def combination(scene_S: Tensor) -> tuple[str, str] | None:
    """The combination that shares of the S scenes name: both parts have a quarter at least, and most together."""
    names = tuple(SCENES)

    def smaller(pair: tuple[str, str]) -> float:
        return min(float(scene_S[names.index(name)]) for name in pair)

    best = max(COMBINATIONS, key=smaller)
    return best if smaller(best) >= 0.25 else None


def natural(scene: str | tuple[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Palettes and headings natural for a scene or a combination, the most natural first.

    A combination has the colours of its sky or its weather, and moves as its front does.
    """
    if isinstance(scene, str):
        return SCENES[scene].palettes, SCENES[scene].headings
    behind, front = scene
    return SCENES[front if front in WEATHER else behind].palettes, SCENES[front].headings


@cache
def _natural_rows() -> dict[str | tuple[str, str], Tensor]:
    """What scenes and combinations are like when nothing more is said."""
    rows: dict[str | tuple[str, str], Tensor] = {}
    scenes: tuple[str | tuple[str, str], ...] = (*SCENES, *COMBINATIONS)
    for scene in scenes:
        palettes, headings = natural(scene)
        name = scene if isinstance(scene, str) else "+".join(scene)
        rows[scene] = named_shares(name, palettes[0], "medium", *headings[:1])
    return rows


def understood_words(table: WordTable, text: str) -> tuple[str, ...]:
    """The words of a text that say something about the picture: words of scenes, colours, paces and headings."""
    return tuple(word for word in split_words(text) if (table.nearest(word) or "") in vocabulary().content)
