"""Train the text encoder on captions: which attributes does a text name? Minutes are not needed, seconds do."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as nnf
from torch import Tensor

from fifo_live.bundled.captions import NAMES, Caption, random_meaning, write_caption
from fifo_live.bundled.text_encoder import ENTRIES, GROUPS, TextEncoder, pack
from fifo_live.bundled.words import WordTable, split_words

SWAP = 0.22  # share of words replaced by a neighbour in the table
DROP = 0.06
NOISE = 0.4  # length of the random vector added to each word's unit vector
NUM_SWAPS = 25
EMPTY = 0.02  # share of captions that say nothing


@dataclass(frozen=True)
class TextRecipe:
    steps: int = 1500
    batch: int = 64
    peak_rate: float = 1e-3
    seed: int = 5


class Reader:
    """Turns captions into word vectors as training wants them: some dropped, some replaced, all noisy."""

    def __init__(
        self, table: WordTable, rng: random.Random, *, swap: float = SWAP, drop: float = DROP, noise: float = NOISE
    ) -> None:
        self.table = table
        self.rng = rng
        self.swap, self.drop, self.noise = swap, drop, noise
        nearest_GN = (table.known_GE @ table.vectors_VE.T).topk(NUM_SWAPS, dim=1).indices
        self.swaps = {word: nearest_GN[row].tolist() for row, word in enumerate(table.known)}
        self.cache: dict[str, Tensor | None] = {}

    def read(self, text: str) -> list[Tensor]:
        found = []
        words = split_words(text)
        drop = self.drop if len(words) > 3 else 0.0
        for word in words:
            if self.rng.random() < drop:
                continue
            if word in self.swaps and self.rng.random() < self.swap:
                word = self.table.words[self.rng.choice(self.swaps[word])]
            vector = self._vector(word)
            if vector is not None:
                found.append(vector + self.noise * torch.randn_like(vector) / len(vector) ** 0.5)
        return found

    def _vector(self, word: str) -> Tensor | None:
        if word not in self.cache:
            self.cache[word] = self.table.vector(word)
        return self.cache[word]


def target(caption: Caption) -> Tensor:
    """The shares (A) that a caption names."""
    row: list[float] = []
    for group, size in GROUPS.items():
        values = getattr(caption, group)
        values = values if isinstance(values, tuple) else (values,)
        part = [0.0] * size
        for value in values:
            part[NAMES[group].index(value) if value is not None else size - 1] += 1 / len(values)
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
        captions = [_caption(rng) for _ in range(recipe.batch)]
        logits_PA = model(*pack([reader.read(caption.text) for caption in captions], entries))
        loss = _loss(logits_PA, torch.stack([target(caption) for caption in captions]))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        if step % 100 == 99:
            print(f"text step {step + 1} loss {float(loss.detach()):.3f}", flush=True)
    torch.save(model.state_dict(), path)
    return model.eval()


def _caption(rng: random.Random) -> Caption:
    return Caption("") if rng.random() < EMPTY else write_caption(random_meaning(rng), rng)


def _loss(logits_PA: Tensor, target_PA: Tensor) -> Tensor:
    assert target_PA.shape[1] == ENTRIES
    sizes = list(GROUPS.values())
    pairs = zip(torch.split(logits_PA, sizes, 1), torch.split(target_PA, sizes, 1), strict=True)
    return torch.stack([nnf.cross_entropy(logits, wanted) for logits, wanted in pairs]).sum()
