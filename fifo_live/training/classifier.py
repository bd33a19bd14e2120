"""Train the classifier of `fifo-live bench prompts`: `python -m fifo_live.training.classifier`.

Stages: draw clips and describe them (kept on disk), train, test on held-out seeds, export. Each carries on where it
was stopped. Shapes: N clips, F frames, C channels or entries, H and W picture, h and w cells.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from dataclasses import asdict, dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
import torch
import torch.nn.functional as nnf
from torch import Tensor

from fifo_live.bundled.classifier import CLASSES, STRETCH, Classifier, save_classifier, shrink
from fifo_live.bundled.features import HEIGHT, WIDTH, extract_features, mirrored
from fifo_live.bundled.weights import FOLDER
from fifo_live.training.budget import Budget, cosine_rate
from fifo_live.training.checkpoint import load_checkpoint, save_checkpoint
from fifo_live.training.clips import Attributes, render
from fifo_live.training.scenes import SCENES

# Far from every seed of the generator's training.
TRAINING_SEED = 500_000_000
HELD_OUT_SEED = 1_500_000_000
SEEDS_PER_KIND = 100_000
CHUNK = 20  # clips in a file
VARIANTS = 3  # ways in which every clip to learn from is softened
MIRROR = torch.tensor(
    [CLASSES["heading"].index({"left": "right", "right": "left"}.get(name, name)) for name in CLASSES["heading"]] + [-1]
)


@dataclass(frozen=True)
class Recipe:
    work: Path = Path(".train/classifier")
    out: Path = FOLDER
    clips: int = 120  # of every kind of scene, to learn from
    held_out: int = 20  # of every kind of scene, for its own accuracy
    minutes: float = 5  # on one free core
    batch: int = 64
    peak_rate: float = 2e-3
    seed: int = 21


@dataclass(frozen=True)
class Clips:
    """Drawn clips as the classifier sees them, and their classes by group; -1 for a heading where there is none."""

    described_NChw: Tensor  # float16
    labels: dict[str, Tensor]


def draw_attributes(kind: str, seed: int) -> Attributes:
    """Draw palette, speed and heading of a scene or combination, all equally likely."""
    rng = random.Random(seed)
    headings = SCENES[kind.rpartition("+")[2]].headings or ("none",)
    return Attributes(kind, rng.choice(CLASSES["palette"]), rng.choice(CLASSES["speed"]), rng.choice(headings))


def seeds_of(kind: str, first: int, number: int) -> range:
    """Return the seeds of a kind of scene; they stay the same when other kinds come or go."""
    start = first + SEEDS_PER_KIND * (crc32(kind.encode()) % 4096)
    return range(start, start + number)


def extract_clips(folder: Path, kind: str, first: int, number: int) -> list[np.ndarray]:
    """Return float16 (clips, C, h, w) by files, drawing those clips of a kind that the folder does not hold yet."""
    parts = []
    for start in range(0, number, CHUNK):
        seeds = seeds_of(kind, first, number)[start : start + CHUNK]
        soft = first == TRAINING_SEED
        path = folder / f"{kind}-{seeds.start}-{len(seeds)}{'-soft' * soft}.npy"
        if not path.exists():
            _write(path, torch.cat([extract_clip(kind, seed, soft=soft) for seed in seeds]).half().numpy())
            print(f"described: {path.name}", flush=True)
        parts.append(np.load(path))
    return parts


def extract_clip(kind: str, seed: int, *, soft: bool) -> Tensor:
    """Draw one clip at twice the size; return its features (1, C, h, w), or of softened copies (VARIANTS, C, h, w)."""
    x_FCHW = shrink(render(draw_attributes(kind, seed), seed, STRETCH, (2 * WIDTH, 2 * HEIGHT)))
    if not soft:
        return extract_features(x_FCHW[None])
    return torch.cat([extract_features(soften(x_FCHW, random.Random(f"{seed} {n}"))[None]) for n in range(VARIANTS)])


def soften(x_FCHW: Tensor, rng: random.Random) -> Tensor:
    """Make a drawn clip look generated: another light, contrast, tint; most are blurred, smeared over time or stained.

    Without it the classifier takes every flaw of a picture for another scene: it has only ever seen flawless ones.
    """
    tint_311 = torch.tensor([rng.uniform(0.93, 1.07) for _ in range(3)])[:, None, None]
    mean = x_FCHW.mean()
    x_FCHW = (x_FCHW - mean) * rng.uniform(0.75, 1.15) + mean * rng.uniform(0.85, 1.15)
    x_FCHW = x_FCHW * tint_311 + rng.uniform(-0.03, 0.03)
    if rng.random() < 0.7:
        x_FCHW = _blurred(x_FCHW, rng.uniform(0.3, 2.2))
    if rng.random() < 0.3:
        before_FCHW = torch.cat((x_FCHW[:1], x_FCHW[:-1]))
        x_FCHW = torch.lerp(x_FCHW, before_FCHW, rng.uniform(0.1, 0.5))
    noise = torch.Generator().manual_seed(rng.randrange(9**9))
    for side in (1, 2, 4, 8, 16):
        if rng.random() < 0.35:
            x_FCHW = x_FCHW + rng.uniform(0, 0.12) * (0.15 + x_FCHW) * _stains(len(x_FCHW), side, rng.random(), noise)
    return x_FCHW.clamp(0, 1)


def _blurred(x_FCHW: Tensor, sigma: float) -> Tensor:
    reach = math.ceil(2.5 * sigma)
    kernel = torch.exp(-0.5 * (torch.arange(-reach, reach + 1) / sigma).square())
    kernel_311L = (kernel / kernel.sum()).expand(3, 1, 1, -1)
    padded = nnf.pad(x_FCHW, (reach, reach, reach, reach), mode="replicate")
    return nnf.conv2d(nnf.conv2d(padded, kernel_311L, groups=3), kernel_311L.mT, groups=3)


def _stains(frames: int, side: int, lasting: float, generator: torch.Generator) -> Tensor:
    """Draw smooth noise (F, 1, H, W) with stains of so many pixels, a part of which lasts over all frames."""
    cells = (1, HEIGHT // side + 1, WIDTH // side + 1)
    kept, fresh = torch.randn(1, *cells, generator=generator), torch.randn(frames, *cells, generator=generator)
    mixed = math.sqrt(lasting) * kept + math.sqrt(1 - lasting) * fresh
    return nnf.interpolate(mixed, size=(HEIGHT, WIDTH), mode="bilinear", align_corners=False)


def _write(path: Path, array: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.save(file, array)
    part.rename(path)


def read_clips(folder: Path, first: int, number: int) -> Clips:
    """Return the clips of all kinds, drawing those that are missing."""
    parts = [part for kind in CLASSES["scene"] for part in extract_clips(folder, kind, first, number)]
    variants = sum(len(part) for part in parts) // (number * len(CLASSES["scene"]))
    meanings = [
        asdict(draw_attributes(kind, seed))
        for kind in CLASSES["scene"]
        for seed in seeds_of(kind, first, number)
        for _ in range(variants)
    ]
    labels = {
        name: torch.tensor([values.index(row[name]) if row[name] in values else -1 for row in meanings])
        for name, values in CLASSES.items()
    }
    return Clips(torch.from_numpy(np.concatenate(parts)), labels)


def batch_of(clips: Clips, generator: torch.Generator, size: int) -> tuple[Tensor, dict[str, Tensor]]:
    """Draw clips at random, half of them mirrored, all a little noisy."""
    rows_N = torch.randint(len(clips.described_NChw), (size,), generator=generator)
    x_NChw = clips.described_NChw[rows_N].float()
    labels = {name: values[rows_N] for name, values in clips.labels.items()}
    half = size // 2
    x_NChw[:half] = mirrored(x_NChw[:half])
    labels["heading"][:half] = MIRROR[labels["heading"][:half]]
    return x_NChw + 0.02 * torch.randn(x_NChw.shape, generator=generator), labels


def loss_of(answers: dict[str, Tensor], labels: dict[str, Tensor]) -> Tensor:
    """Sum the cross entropies of the groups; a heading of -1 does not count."""
    parts = [
        nnf.cross_entropy(answers[name], labels[name], ignore_index=-1, label_smoothing=0.03, reduction="sum")
        for name in CLASSES
    ]
    return torch.stack(parts).sum() / len(labels["scene"])


def train(recipe: Recipe, clips: Clips) -> Classifier:
    """Train until the minutes are spent, over all runs together."""
    torch.manual_seed(recipe.seed)
    classifier = Classifier()
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=recipe.peak_rate, weight_decay=0.02)
    budget = Budget(recipe.minutes)
    path = recipe.work / "classifier.pt"
    step = load_checkpoint(path, classifier, optimizer, budget)
    generator = torch.Generator().manual_seed(recipe.seed + step)
    classifier.train()
    while (done := budget.tick()) < 1:
        optimizer.param_groups[0]["lr"] = cosine_rate(step, done, recipe.peak_rate)
        x_NChw, labels = batch_of(clips, generator, recipe.batch)
        with torch.autocast("cpu", torch.bfloat16):
            answers = classifier.answers(classifier.features(x_NChw))
        loss = loss_of({name: logits.float() for name, logits in answers.items()}, labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        step += 1
        if step % 200 == 0:
            print(f"step {step}, {done:.0%} of the time, loss {float(loss.detach()):.3f}", flush=True)
            save_checkpoint(path, classifier, optimizer, budget, step)
    save_checkpoint(path, classifier, optimizer, budget, step)
    return classifier.eval()


@torch.inference_mode()
def accuracy(classifier: Classifier, clips: Clips) -> dict[str, float]:
    """Return the share of right answers in every group, one stretch a clip."""
    answers = classifier.answers(classifier.features(clips.described_NChw.float()))
    shares = {}
    for name, logits in answers.items():
        counted = clips.labels[name] >= 0
        shares[name] = float((logits.argmax(1) == clips.labels[name])[counted].float().mean())
    return shares


def make(recipe: Recipe) -> dict[str, float]:
    """Run all stages; writes classifier.safetensors and classifier.json, and returns the accuracies."""
    classifier = train(recipe, read_clips(recipe.work, TRAINING_SEED, recipe.clips))
    held_out = read_clips(recipe.work, HELD_OUT_SEED, recipe.held_out)
    shares = accuracy(classifier, held_out)
    save_classifier(recipe.out, classifier.state_dict())
    record = {"held_out_clips": len(held_out.described_NChw), "accuracy": shares}
    (recipe.out / "classifier.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return shares


def main(arguments: list[str] | None = None) -> None:
    defaults = Recipe()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=defaults.work, help="folder for clips and the checkpoint")
    parser.add_argument("--out", type=Path, default=defaults.out, help="folder for the finished weights")
    parser.add_argument("--clips", type=int, default=defaults.clips, help="of every kind, to learn from")
    parser.add_argument("--held-out", type=int, default=defaults.held_out, help="of every kind, to be tested on")
    parser.add_argument("--minutes", type=float, default=defaults.minutes, help="of training")
    parser.add_argument("--threads", type=int, default=1)
    given = vars(parser.parse_args(arguments))
    torch.set_num_threads(given.pop("threads"))
    print(make(Recipe(**given)))


if __name__ == "__main__":
    main()
