"""Stage 4: train the denoiser by flow matching with a time and a prompt per frame."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import AdamW, Optimizer

from fifo_live.bundled.unet import VideoUNet
from fifo_live.training import replicas
from fifo_live.training.batches import draw_span, mix, take_ticks
from fifo_live.training.budget import Budget, cosine_rate
from fifo_live.training.muon import Muon
from fifo_live.training.windows import LatentDataset

LARGEST_GRADIENT = 2.0


@dataclass(frozen=True)
class DenoiserRecipe:
    minutes: float
    hold: float = 0.5  # part of the budget before the rate falls
    batch: int = 12
    peak_rate: float = 1.6e-3
    muon: bool = True
    ema: float = 0.999
    save_every: int = 100
    seed: int = 23


class Optimizers:
    """Muon for the weight matrices, AdamW for the rest; or AdamW alone."""

    def __init__(self, model: nn.Module, recipe: DenoiserRecipe) -> None:
        def matrix(name: str, p: nn.Parameter) -> bool:
            return (
                recipe.muon
                and p.ndim in (2, 4)
                and min(p.flatten(1).shape) >= 16
                and not name.startswith(("place", "first", "last"))
            )

        named = list(model.named_parameters())
        matrices = [p for n, p in named if matrix(n, p)]
        rest = [p for n, p in named if not matrix(n, p)]
        self.all: list[Optimizer] = [AdamW(rest, lr=1, betas=(0.9, 0.98), weight_decay=0.01)]
        if matrices:
            self.all.append(Muon(matrices, lr=1))

    def step(self, rate: float) -> None:
        for optimizer in self.all:
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.step()
            optimizer.zero_grad()

    def state_dict(self) -> list[dict[str, object]]:
        return [optimizer.state_dict() for optimizer in self.all]

    def load_state_dict(self, states: list[dict[str, object]]) -> None:
        for optimizer, state in zip(self.all, states, strict=True):
            optimizer.load_state_dict(state)


@dataclass(frozen=True)
class StepResult:
    """A training step: the predicted flow (B, F, C, H, W), times (B, F), squared errors (B, F), and the loss."""

    flow: Tensor
    t_BF: Tensor
    error_BF: Tensor
    loss: Tensor


def flow_matching_loss(
    model: VideoUNet, dataset: LatentDataset, batch_size: int, generator: torch.Generator
) -> StepResult:
    """Draw a batch and return the weighted mean squared error of the flow (flow matching, arXiv 2210.02747)."""
    span = draw_span(dataset, batch_size, generator)
    noise = torch.randn(span.x0.shape, generator=generator)
    batch = take_ticks(model, span, noise, generator) if span.ticks else mix(span, noise, generator)
    with torch.autocast("cpu", torch.bfloat16):
        flow = model(batch.x, batch.t_BF, batch.cond).float()
    error_BF, weight_BF = (flow - batch.flow).square().mean((2, 3, 4)), batch.weight_BF
    return StepResult(flow, batch.t_BF, error_BF, (error_BF * weight_BF).sum() / weight_BF.sum().clamp(min=1))


class Trainer:
    """One denoiser in training: weights, their running average, the optimisers and the budget."""

    def __init__(self, model: VideoUNet, checkpoint: Path, recipe: DenoiserRecipe) -> None:
        self.model = model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = copy.deepcopy(self.model).requires_grad_(False)
        self.recipe = recipe
        self.checkpoint = checkpoint
        self.optimizers = Optimizers(self.model, recipe)
        self.budget = Budget(recipe.minutes)
        self.step = 0
        self.push = 0.0  # weight of the adversarial gradient
        if checkpoint.exists():
            self._load()
        seed = recipe.seed + self.step + (0 if replicas.is_first() else 1_000_003)
        self.generator = torch.Generator().manual_seed(seed)

    def run(self, dataset: LatentDataset, on_save: Callable[[], None] | None = None) -> None:
        losses: list[Tensor] = []
        while (done := replicas.all_reduce_max(self.budget.tick())) < 1:
            rate = cosine_rate(self.step, done, self.recipe.peak_rate, hold=self.recipe.hold)
            losses.append(self._train_step(dataset, rate))
            self.step += 1
            if self.step % 50 == 0 and replicas.is_first():
                print(_progress(self.step, done, losses[-50:]), flush=True)
            if self.step % self.recipe.save_every == 0 and replicas.is_first():
                self.save()
                if on_save:
                    on_save()
        if replicas.is_first():
            self.save()

    def _train_step(self, dataset: LatentDataset, rate: float) -> Tensor:
        """One step; returns the loss by quarter of the noise range, NaN where a quarter had no frame."""
        result = flow_matching_loss(self.model, dataset, self.recipe.batch // replicas.world_size(), self.generator)
        result.loss.backward()  # type: ignore[no-untyped-call]
        self.descend(rate)
        return by_quarter(result.error_BF.detach(), result.t_BF)

    def descend(self, rate: float) -> None:
        """Move the weights along their gradients, together with all other processes, and the average after them."""
        replicas.all_reduce_gradients(self.model.parameters(), LARGEST_GRADIENT)
        self.optimizers.step(rate)
        self._average_weights()

    @torch.no_grad()
    def _average_weights(self) -> None:
        keep = min(self.recipe.ema, (1 + self.step) / (10 + self.step))
        for mean, value in zip(self.average.parameters(), self.model.parameters(), strict=True):
            mean.lerp_(value, 1 - keep)

    def save(self) -> None:
        state = {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizers": self.optimizers.state_dict(),
            "step": self.step,
            "push": self.push,
            "spent_s": self.budget.spent_s,
        }
        part = self.checkpoint.with_suffix(".part")
        torch.save(state, part)
        part.replace(self.checkpoint)

    def _load(self) -> None:
        state = torch.load(self.checkpoint, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimizers.load_state_dict(state["optimizers"])
        self.step = state["step"]
        self.push = state.get("push", 0.0)
        self.budget.spent_s = state["spent_s"]


def by_quarter(error_BF: Tensor, t_BF: Tensor) -> Tensor:
    quarter_BF = (t_BF * 4).long().clamp(max=3)
    return torch.stack([error_BF[(quarter_BF == q) & (t_BF > 0)].mean() for q in range(4)])


def _progress(step: int, done: float, losses: list[Tensor]) -> str:
    quarters = " ".join(f"{value:.3f}" for value in torch.stack(losses).nanmean(0).tolist())
    mean = float(np.nanmean(torch.stack(losses)))
    return f"denoiser step {step} {100 * done:.1f} % loss {mean:.4f} by quarter of t: {quarters}"
