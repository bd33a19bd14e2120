"""Train the judge of `fifo-live bench prompts`: `python -m fifo_live.bundled.training.judge`.

Stages: draw clips (kept on disk), train, test on held-out seeds, export. Each carries on where it was stopped.
Shapes: N clips, F frames, H and W picture.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import asdict, dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
import torch
import torch.nn.functional as nnf
from torch import Tensor

from fifo_live.bundled.clips import Attributes, render
from fifo_live.bundled.judge import CLASSES, HEIGHT, STRETCH, WIDTH, Judge, as_input, save_judge, shrink
from fifo_live.bundled.scenes import SCENES
from fifo_live.bundled.training.budget import Budget, cosine_rate
from fifo_live.bundled.training.checkpoint import load_checkpoint, save_checkpoint
from fifo_live.bundled.weights import FOLDER

# Far from every seed of the generator's training.
TRAINING_SEED = 500_000_000
HELD_OUT_SEED = 1_500_000_000
SEEDS_PER_KIND = 100_000
CHUNK = 40  # clips in a file
MIRRORED = {"left": "right", "right": "left"}


@dataclass(frozen=True)
class Recipe:
    work: Path = Path(".train/judge")
    out: Path = FOLDER
    clips: int = 200  # of every kind of scene, to learn from
    held_out: int = 30  # of every kind of scene, for its own accuracy
    minutes: float = 6
    batch: int = 32
    peak_rate: float = 2e-3
    seed: int = 21


@dataclass(frozen=True)
class Clips:
    """Drawn clips, each uint8 (F, H, W, 3), and their classes by group; -1 for a heading where there is none."""

    clips: list[np.ndarray]
    labels: dict[str, Tensor]

    def inputs(self, rows: Tensor) -> Tensor:
        """Return some of the clips as the network reads them."""
        return as_input(torch.from_numpy(np.stack([self.clips[row] for row in rows.tolist()])))


def draw_attributes(kind: str, seed: int) -> Attributes:
    """Draw palette, speed and heading of a scene or combination, all equally likely."""
    rng = random.Random(seed)
    headings = SCENES[kind.rpartition("+")[2]].headings or ("none",)
    return Attributes(kind, rng.choice(CLASSES["palette"]), rng.choice(CLASSES["speed"]), rng.choice(headings))


def seeds_of(kind: str, first: int, number: int) -> range:
    """Return the seeds of a kind of scene; they stay the same when other kinds come or go."""
    start = first + SEEDS_PER_KIND * (crc32(kind.encode()) % 4096)
    return range(start, start + number)


def draw_clips(folder: Path, kind: str, first: int, number: int) -> list[np.ndarray]:
    """Return the clips of a kind, drawn unless the folder holds them already."""
    clips: list[np.ndarray] = []
    for start in range(0, number, CHUNK):
        seeds = seeds_of(kind, first, number)[start : start + CHUNK]
        path = folder / f"{kind}-{seeds.start}-{len(seeds)}.npy"
        if not path.exists():
            _write(path, torch.stack([draw_clip(draw_attributes(kind, seed), seed) for seed in seeds]).numpy())
            print(f"drawn: {path.name}", flush=True)
        clips += list(np.load(path, mmap_mode="r"))
    return clips


def _write(path: Path, array: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.save(file, array)
    part.rename(path)


def draw_clip(attributes: Attributes, seed: int) -> Tensor:
    """Draw one stretch at twice the judge's size and average it down; uint8 (F, H, W, 3)."""
    return shrink(render(attributes, seed, STRETCH, (2 * WIDTH, 2 * HEIGHT)))


def read_clips(folder: Path, first: int, number: int) -> Clips:
    """Return the clips of all kinds, drawing those that are missing."""
    frames = [clip for kind in CLASSES["scene"] for clip in draw_clips(folder, kind, first, number)]
    meanings = [
        asdict(draw_attributes(kind, seed)) for kind in CLASSES["scene"] for seed in seeds_of(kind, first, number)
    ]
    labels = {
        name: torch.tensor([values.index(row[name]) if row[name] in values else -1 for row in meanings])
        for name, values in CLASSES.items()
    }
    return Clips(frames, labels)


def mirror(x_NFCHW: Tensor, labels: dict[str, Tensor], flip_N: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """Mirror some clips left to right, and their headings with them."""
    names = CLASSES["heading"]
    swap = torch.tensor([names.index(MIRRORED.get(name, name)) for name in names] + [-1])
    heading_N = torch.where(flip_N, swap[labels["heading"]], labels["heading"])
    x_NFCHW = torch.where(flip_N[:, None, None, None, None], x_NFCHW.flip(-1), x_NFCHW)
    return x_NFCHW, {**labels, "heading": heading_N}


def soften(x_NFCHW: Tensor, generator: torch.Generator) -> Tensor:
    """Make drawn clips look generated: blur for half of them, and for each its own brightness, contrast and grain."""

    def uniform(number: int, low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(number, 1, 1, 1, 1, generator=generator)

    number = len(x_NFCHW)
    sharp_NFCHW, rest_NFCHW = x_NFCHW[: number // 2], x_NFCHW[number // 2 :]
    blurred = nnf.avg_pool2d(rest_NFCHW.flatten(0, 1), 3, 1, padding=1, count_include_pad=False).view_as(rest_NFCHW)
    x_NFCHW = torch.cat((sharp_NFCHW, torch.lerp(rest_NFCHW, blurred, uniform(len(blurred), 0.2, 1.0))))
    grain_FCHW = torch.randn(x_NFCHW.shape[1:], generator=generator)
    light = uniform(number, -0.06, 0.06) + grain_FCHW * uniform(number, -0.02, 0.04).clamp(min=0)
    return torch.addcmul(light, x_NFCHW, uniform(number, 0.9, 1.1)).clamp_(-1, 1)


def loss_of(answers: dict[str, Tensor], labels: dict[str, Tensor]) -> Tensor:
    """Sum the cross entropies of the groups; a heading of -1 does not count."""
    parts = [
        nnf.cross_entropy(answers[name], labels[name], ignore_index=-1, label_smoothing=0.03, reduction="sum")
        for name in CLASSES
    ]
    return torch.stack(parts).sum() / len(labels["scene"])


def train(recipe: Recipe, clips: Clips) -> Judge:
    """Train until the minutes are spent, over all runs together."""
    torch.manual_seed(recipe.seed)
    judge = Judge()
    optimizer = torch.optim.AdamW(judge.parameters(), lr=recipe.peak_rate, weight_decay=0.02)
    budget = Budget(recipe.minutes)
    path = recipe.work / "judge.pt"
    step = load_checkpoint(path, judge, optimizer, budget)
    generator = torch.Generator().manual_seed(recipe.seed + step)
    judge.train()
    while (done := budget.tick()) < 1:
        optimizer.param_groups[0]["lr"] = cosine_rate(step, done, recipe.peak_rate)
        row_N = torch.randint(len(clips.clips), (recipe.batch,), generator=generator)
        flip_N = torch.rand(recipe.batch, generator=generator) < 0.5
        x_NFCHW, labels = mirror(
            clips.inputs(row_N), {name: rows[row_N] for name, rows in clips.labels.items()}, flip_N
        )
        with torch.autocast("cpu", torch.bfloat16):
            answers = judge.answers(judge.features(soften(x_NFCHW, generator)))
            loss = loss_of({name: logits.float() for name, logits in answers.items()}, labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        step += 1
        if step % 50 == 0:
            print(f"step {step}, {done:.0%} of the time, loss {float(loss):.3f}", flush=True)
            save_checkpoint(path, judge, optimizer, budget, step)
    save_checkpoint(path, judge, optimizer, budget, step)
    return judge.eval()


@torch.inference_mode()
def accuracy(judge: Judge, clips: Clips) -> dict[str, float]:
    """Return the share of right answers in every group, one stretch a clip."""
    answers: dict[str, list[Tensor]] = {name: [] for name in CLASSES}
    for rows in torch.arange(len(clips.clips)).split(64):
        for name, logits in judge.answers(judge.features(clips.inputs(rows))).items():
            answers[name].append(logits.argmax(1))
    shares = {}
    for name, parts in answers.items():
        counted = clips.labels[name] >= 0
        shares[name] = float((torch.cat(parts) == clips.labels[name])[counted].float().mean())
    return shares


def make(recipe: Recipe) -> dict[str, float]:
    """Run all stages; writes judge.safetensors and judge.json, and returns the accuracies."""
    clips = read_clips(recipe.work, TRAINING_SEED, recipe.clips)
    held_out = read_clips(recipe.work, HELD_OUT_SEED, recipe.held_out)
    judge = train(recipe, clips)
    shares = accuracy(judge, held_out)
    save_judge(recipe.out, judge.state_dict())
    record = {"held_out_clips": len(held_out.clips), "accuracy": shares}
    (recipe.out / "judge.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
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
