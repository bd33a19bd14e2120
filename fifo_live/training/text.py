"""Train the text encoder on captions: which attributes does a text name? Some captions come as minimal pairs."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as nnf
from torch import Tensor

from fifo_live.bundled.text_encoder import CHOICES, TextEncoder, by_group, pack
from fifo_live.bundled.words import WordTable, split_words
from fifo_live.training.captions import Caption, minimal_pair, random_meaning, write_caption

SWAP = 0.15  # share of words replaced by a neighbour in the table
DROP = 0.04
NOISE = 0.2  # length of the random vector added to each word's unit vector
NUM_SWAPS = 25
PAIRED, EMPTY = 0.4, 0.02


@dataclass(frozen=True)
class TextRecipe:
    steps: int = 7000
    batch: int = 64
    peak_rate: float = 1.5e-3
    seed: int = 5


class Reader:
    """Turns captions into word vectors as training wants them: some dropped, some replaced."""

    def __init__(self, table: WordTable, rng: random.Random, *, swap: float = SWAP, drop: float = DROP) -> None:
        self.table = table
        self.rng = rng
        self.swap, self.drop = swap, drop
        self.swaps = swaps(table)
        self.cache: dict[str, Tensor | None] = {}

    def read(self, text: str) -> list[Tensor]:
        found = []
        words = split_words(text)
        drop = self.drop if len(words) > 3 else 0.0
        for word in words:
            if self.rng.random() < drop:
                continue
            if self.swaps.get(word) and self.rng.random() < self.swap:
                word = self.rng.choice(self.swaps[word])
            vector = self._vector(word)
            if vector is not None:
                found.append(vector)
        return found

    def _vector(self, word: str) -> Tensor | None:
        if word not in self.cache:
            self.cache[word] = self.table.vector(word)
        return self.cache[word]


def swaps(table: WordTable) -> dict[str, list[str]]:
    """For every grammar word the foreign words among its neighbours that are read as it.

    Other neighbours would teach that "red" may mean "blue": words of one kind lie close together.
    """
    near_GN = (table.known_GE @ table.vectors_VE.T).topk(NUM_SWAPS, dim=1).indices
    return {
        word: [other for other in (table.words[place] for place in near_N) if table.nearest(other) == word != other]
        for word, near_N in zip(table.known, near_GN.tolist(), strict=True)
    }


def target(caption: Caption) -> Tensor:
    """The chances of every choice that a caption names."""
    row: list[float] = []
    for group, choices in CHOICES.items():
        value = getattr(caption, group)
        values = value if isinstance(value, tuple) and value not in choices else (value,)
        part = [0.0] * (len(choices) + 1)
        for value in values:
            part[choices.index(value) if value is not None else -1] += 1 / len(values)
        row += part
    return torch.tensor(row)


def train_text(table: WordTable, recipe: TextRecipe, path: Path) -> TextEncoder:
    """Train the text encoder and save its weights."""
    torch.manual_seed(recipe.seed)
    rng = random.Random(recipe.seed)
    reader = Reader(table, rng)
    entries = table.vectors_VE.shape[1]
    model = TextEncoder(entries)
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.peak_rate, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.peak_rate, total_steps=recipe.steps + 1)
    for step in range(recipe.steps):
        captions = _captions(rng, recipe.batch)
        words_PLE, mask_PL = pack([reader.read(caption.text) for caption in captions], entries)
        words_PLE += NOISE * torch.randn_like(words_PLE) / entries**0.5 * (words_PLE != 0)
        loss = _loss(model(words_PLE, mask_PL), torch.stack([target(caption) for caption in captions]))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        if step % 100 == 99:
            print(f"text step {step + 1} loss {float(loss.detach()):.3f}", flush=True)
    torch.save(model.state_dict(), path)
    return model.eval()


def _captions(rng: random.Random, num: int) -> list[Caption]:
    """Captions of which PAIRED come in pairs that differ in one attribute, and EMPTY say nothing."""
    captions: list[Caption] = []
    while len(captions) < PAIRED * num:
        captions += minimal_pair(rng)
    while len(captions) < num:
        captions.append(Caption("") if rng.random() < EMPTY else write_caption(random_meaning(rng), rng))
    return captions


def _loss(logits_PC: Tensor, target_PC: Tensor) -> Tensor:
    pairs = zip(by_group(logits_PC), by_group(target_PC), strict=True)
    return torch.stack([nnf.cross_entropy(logits, wanted) for logits, wanted in pairs]).sum()
