"""Stage 5: adversarial training of the denoiser, until a discriminator cannot tell its streams from drawn clips.

Training by mean squared error averages over detail that cannot be predicted (sparks, snowflakes): contrast is lost, and
each tick adds to the loss. Here the network keeps streams of all ages going, and every tick of them is a training step
towards what the discriminator rates as a clip drawn as asked for. Flow matching goes on beside it.
Shapes: B streams, F frames, C channels, H W latent size, E conditioning entries.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from fifo_live.bundled.text_encoder import driven, named_shares
from fifo_live.training import replicas
from fifo_live.training.budget import cosine_rate
from fifo_live.training.checkpoint import load_checkpoint, save_checkpoint
from fifo_live.training.clips import SPEEDS, Attributes
from fifo_live.training.denoise import LARGEST_GRADIENT, Trainer, flow_matching_loss
from fifo_live.training.discriminator import (
    Discriminator,
    DiscriminatorBatch,
    Scores,
    discriminator_loss,
    generator_loss,
)
from fifo_live.training.palettes import PALETTES
from fifo_live.training.prompts import PER_CLIP
from fifo_live.training.scenes import SCENES
from fifo_live.training.streams import Streams
from fifo_live.training.windows import LatentDataset

GROUPS = 20  # of streams that every process keeps going
STREAMS = 4  # in a group
AGES = (16, 64)  # in ticks, at which a group is given up: the earliest and the latest
EXACTLY = -1  # the row of a clip's conditionings that is the truth
ALONE = 80  # steps that the discriminator learns alone at first
DISCRIMINATOR_RATE = 2e-4
GRAIN = 0.1  # noise on clean frames, so that the discriminator ignores what nobody sees
CAPTIONED = 0.4  # share of streams that are asked for as a caption was read, instead of without a fault
SHARE = 0.4  # the adversarial gradient's size, in parts of that of flow matching
MEASURED = 80  # steps in which its weight is measured; then the weight stays, so that the gradient falls with the loss


@dataclass(frozen=True)
class StepRecord:
    """What a step was like, for the log."""

    scores: Scores
    mse: Tensor | None  # None while the discriminator learns alone

    def figures(self) -> Tensor:
        real = self.scores.real
        told_apart, obeys = ((real > other).float().mean() for other in (self.scores.fake, self.scores.mismatched))
        gap = (real - self.scores.fake).mean()
        return torch.stack((gap, told_apart, obeys, torch.tensor(0.0) if self.mse is None else self.mse))


class AdversarialTraining:
    """A denoiser in training, the streams it keeps going, and their discriminator."""

    def __init__(self, trainer: Trainer, dataset: LatentDataset, checkpoint: Path) -> None:
        self.trainer, self.dataset, self.checkpoint = trainer, dataset, checkpoint
        self.generator = trainer.generator
        self.rng = random.Random(int(torch.randint(2**31, (1,), generator=self.generator)))
        self.discriminator = Discriminator(trainer.average).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizer = torch.optim.AdamW(
            self.discriminator.parameters(), lr=DISCRIMINATOR_RATE, betas=(0.5, 0.99), weight_decay=0.01
        )
        self.scenes = {attributes.scene for attributes in dataset.attributes}
        self.step = load_checkpoint(checkpoint, self.discriminator, self.optimizer, trainer.budget)
        self.groups = [self._grown(2 * number) for number in range(GROUPS)]

    def run(self, on_save: Callable[[], None] | None = None) -> None:
        trainer, recipe = self.trainer, self.trainer.recipe
        log: list[Tensor] = []
        trainer.budget.begin()
        while (done := replicas.all_reduce_max(trainer.budget.tick())) < 1:
            alone = self.step < ALONE
            rate = 0.0 if alone else cosine_rate(trainer.step, done, recipe.peak_rate, hold=recipe.hold)
            log.append(self._take_step(rate).figures())
            self.step += 1
            trainer.step += not alone
            if self.step % 20 == 0 and replicas.is_first():
                gap, told_apart, obeys, mse = torch.stack(log[-20:]).mean(0).tolist()
                print(
                    f"adversarial step {trainer.step} {100 * done:.1f} % clips rated {gap:.2f} higher, told from "
                    f"streams {100 * told_apart:.0f} %, from wrong prompts {100 * obeys:.0f} % MSE {mse:.3f}",
                    flush=True,
                )
            if self.step % recipe.save_every == 0 and replicas.is_first():
                self._save()
                if on_save:
                    on_save()
        if replicas.is_first():
            self._save()

    def _save(self) -> None:
        self.trainer.save()
        save_checkpoint(self.checkpoint, self.discriminator, self.optimizer, self.trainer.budget, self.step)

    def _take_step(self, rate: float) -> StepRecord:
        number = self.rng.randrange(GROUPS)
        group = self.groups[number]
        with torch.set_grad_enabled(rate > 0):
            flow, moved = group.tick(self.trainer.model)
        batch = self._batch(group, moved)
        scores = self._train_discriminator(batch)
        mse = self._train_denoiser(flow, batch, scores, rate) if rate > 0 else None
        group = group.moved(moved.detach(), self._noise(1))
        self.groups[number] = group if group.age < group.end else self._cut()
        return StepRecord(scores, mse)

    def _train_discriminator(self, batch: DiscriminatorBatch) -> Scores:
        self.discriminator.requires_grad_(True)
        scores = discriminator_loss(self.discriminator, batch, self.generator)
        scores.loss.backward()  # type: ignore[no-untyped-call]
        replicas.all_reduce_gradients(self.discriminator.parameters(), LARGEST_GRADIENT)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.discriminator.requires_grad_(False)
        return scores

    def _train_denoiser(self, flow: Tensor, batch: DiscriminatorBatch, scores: Scores, rate: float) -> Tensor:
        """One step of the denoiser; returns the loss of flow matching."""
        trainer = self.trainer
        (push,) = torch.autograd.grad(generator_loss(self.discriminator, batch, scores.real), flow, retain_graph=True)
        result = flow_matching_loss(trainer.model, self.dataset, STREAMS, self.generator)
        (pull,) = torch.autograd.grad(result.loss, result.flow, retain_graph=True)
        if trainer.step < MEASURED:
            ratio = float(pull.norm() / push.norm().clamp(min=1e-9))
            trainer.push += (SHARE * ratio - trainer.push) / (trainer.step + 1)
        flow.backward(trainer.push * push)  # type: ignore[no-untyped-call]
        result.flow.backward(pull)  # type: ignore[no-untyped-call]
        trainer.descend(rate)
        return result.loss.detach()

    def _noise(self, num_frames: int) -> Tensor:
        return torch.randn(STREAMS, num_frames, *self.dataset.latents.shape[2:], generator=self.generator)

    def _cut(self) -> Streams:
        """New streams."""
        clips = tuple(self.rng.randrange(len(self.dataset.latents)) for _ in range(STREAMS))
        rows = [self.rng.randrange(PER_CLIP) if self.rng.random() < CAPTIONED else EXACTLY for _ in clips]
        cond_BE = torch.stack([self.dataset.prompts[clip, row] for clip, row in zip(clips, rows, strict=True)])
        return Streams(clips, driven(cond_BE), self._noise(1), self.rng.randint(*AGES))

    def _grown(self, age: int) -> Streams:
        group = self._cut()
        for _ in range(min(age, group.end - 1)):
            with torch.no_grad():
                group = group.moved(group.tick(self.trainer.model)[1], self._noise(1))
        return group

    def _batch(self, group: Streams, moved: Tensor) -> DiscriminatorBatch:
        t_F = group.moved_t_F
        behind_sink = bool(t_F[0] < 0)
        real = torch.stack([self.dataset.real(clip, len(t_F), behind_sink, self.generator) for clip in group.clips])
        t = t_F.clamp(min=0)[:, None, None, None]
        noisy = (1 - t) * real + t * self._noise(len(t_F))
        grain = GRAIN * (t == 0)
        mismatched = [self._mismatched(self.dataset.attributes[clip]) for clip in group.clips]
        return DiscriminatorBatch(
            moved + grain * self._noise(len(t_F)),
            noisy + grain * self._noise(len(t_F)),
            t_F,
            self.dataset.prompts[list(group.clips), EXACTLY],
            torch.stack([named_shares(**asdict(attributes)) for attributes in mismatched]),
        )

    def _mismatched(self, asked: Attributes) -> Attributes:
        """Attributes of which one is another: most often the pace or the direction, the hardest to see."""
        form = self.rng.random()
        headings = set(SCENES[asked.scene.rpartition("+")[2]].headings) - {asked.heading}
        if form < 0.35 and headings:
            return replace(asked, heading=self.rng.choice(sorted(headings)))
        if form < 0.7:
            return replace(asked, speed=self.rng.choice(sorted(set(SPEEDS) - {asked.speed})))
        if form < 0.8:
            return replace(asked, palette=self.rng.choice(sorted(set(PALETTES) - {asked.palette})))
        return replace(asked, scene=self.rng.choice(sorted(self.scenes - {asked.scene})))
