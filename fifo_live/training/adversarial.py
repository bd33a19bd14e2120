"""Stage 5: train the denoiser on, until a critic can no longer tell its streams from drawn clips.

Mean squares alone make of what nobody can foresee the mean of all that may be: no sparks, no flakes, too little
contrast, and less of everything with each own tick. Here the network keeps streams going, of all ages, and every tick
of them is a lesson: towards what the critic takes for a clip drawn as asked for. What it learnt before goes on beside.
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
from fifo_live.training.denoise import LARGEST_GRADIENT, Trainer, mean_squares
from fifo_live.training.discriminator import Discriminator, Verdict, Views, blame, judge
from fifo_live.training.palettes import PALETTES
from fifo_live.training.prompts import PER_CLIP
from fifo_live.training.scenes import SCENES
from fifo_live.training.streams import Streams
from fifo_live.training.windows import Shelf

GROUPS = 20  # of streams that every process keeps going
STREAMS = 4  # in a group
AGES = (16, 64)  # in ticks, at which a group is given up: the earliest and the latest
EXACTLY = -1  # the row of a clip's conditionings that is the truth
ALONE = 80  # steps that the critic learns alone at first
CRITIC_RATE = 2e-4
GRAIN = 0.1  # noise on clean frames, so that the critic does not look at what nobody sees
CAPTIONED = 0.4  # share of streams that are asked for as a caption was read, instead of without a fault
SHARE = 0.4  # how large the critic's push is beside the pull of mean squares
MEASURED = 80  # steps in which that is measured; then it stays, so that it falls as the critic finds less to blame


@dataclass(frozen=True)
class Step:
    """What a step was like, for the log."""

    verdict: Verdict
    squares: Tensor | None  # None while the critic learns alone

    def figures(self) -> Tensor:
        drawn = self.verdict.drawn
        told_apart, obeys = ((drawn > other).float().mean() for other in (self.verdict.made, self.verdict.mistaken))
        gap = (drawn - self.verdict.made).mean()
        return torch.stack((gap, told_apart, obeys, torch.tensor(0.0) if self.squares is None else self.squares))


class Matching:
    """A denoiser in training, the streams it keeps going, and their critic."""

    def __init__(self, trainer: Trainer, shelf: Shelf, checkpoint: Path) -> None:
        self.trainer, self.shelf, self.checkpoint = trainer, shelf, checkpoint
        self.generator = trainer.generator
        self.rng = random.Random(int(torch.randint(2**31, (1,), generator=self.generator)))
        self.critic = Discriminator(trainer.average).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizer = torch.optim.AdamW(
            self.critic.parameters(), lr=CRITIC_RATE, betas=(0.5, 0.99), weight_decay=0.01
        )
        self.scenes = {attributes.scene for attributes in shelf.attributes}
        self.step = load_checkpoint(checkpoint, self.critic, self.optimizer, trainer.budget)
        self.groups = [self._grown(2 * number) for number in range(GROUPS)]

    def run(self, on_save: Callable[[], None] | None = None) -> None:
        trainer, recipe = self.trainer, self.trainer.recipe
        log: list[Tensor] = []
        trainer.budget.begin()
        while (done := replicas.latest(trainer.budget.tick())) < 1:
            alone = self.step < ALONE
            rate = 0.0 if alone else cosine_rate(trainer.step, done, recipe.peak_rate, hold=recipe.hold)
            log.append(self._take_step(rate).figures())
            self.step += 1
            trainer.step += not alone
            if self.step % 20 == 0 and replicas.is_first():
                gap, told_apart, obeys, squares = torch.stack(log[-20:]).mean(0).tolist()
                print(
                    f"matching step {trainer.step} {100 * done:.1f} % clips rated {gap:.2f} higher, told from streams "
                    f"{100 * told_apart:.0f} %, from wrong prompts {100 * obeys:.0f} % mean squares {squares:.3f}",
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
        save_checkpoint(self.checkpoint, self.critic, self.optimizer, self.trainer.budget, self.step)

    def _take_step(self, rate: float) -> Step:
        number = self.rng.randrange(GROUPS)
        group = self.groups[number]
        with torch.set_grad_enabled(rate > 0):
            flow, moved = group.tick(self.trainer.model)
        views = self._views(group, moved)
        verdict = self._teach_critic(views)
        squares = self._teach(flow, views, verdict, rate) if rate > 0 else None
        group = group.moved(moved.detach(), self._noise(1))
        self.groups[number] = group if group.age < group.end else self._cut()
        return Step(verdict, squares)

    def _teach_critic(self, views: Views) -> Verdict:
        self.critic.requires_grad_(True)
        verdict = judge(self.critic, views, self.generator)
        verdict.loss.backward()  # type: ignore[no-untyped-call]
        replicas.agree(self.critic.parameters(), LARGEST_GRADIENT)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.critic.requires_grad_(False)
        return verdict

    def _teach(self, flow: Tensor, views: Views, verdict: Verdict, rate: float) -> Tensor:
        """One step of the denoiser; returns the loss of its mean squares."""
        trainer = self.trainer
        (push,) = torch.autograd.grad(blame(self.critic, views, verdict.drawn), flow, retain_graph=True)
        learnt = mean_squares(trainer.model, self.shelf, STREAMS, self.generator)
        (pull,) = torch.autograd.grad(learnt.loss, learnt.flow, retain_graph=True)
        if trainer.step < MEASURED:
            ratio = float(pull.norm() / push.norm().clamp(min=1e-9))
            trainer.push += (SHARE * ratio - trainer.push) / (trainer.step + 1)
        flow.backward(trainer.push * push)  # type: ignore[no-untyped-call]
        learnt.flow.backward(pull)  # type: ignore[no-untyped-call]
        trainer.descend(rate)
        return learnt.loss.detach()

    def _noise(self, num_frames: int) -> Tensor:
        return torch.randn(STREAMS, num_frames, *self.shelf.latents.shape[2:], generator=self.generator)

    def _cut(self) -> Streams:
        """New streams."""
        clips = tuple(self.rng.randrange(len(self.shelf.latents)) for _ in range(STREAMS))
        rows = [self.rng.randrange(PER_CLIP) if self.rng.random() < CAPTIONED else EXACTLY for _ in clips]
        cond_BE = torch.stack([self.shelf.prompts[clip, row] for clip, row in zip(clips, rows, strict=True)])
        return Streams(clips, driven(cond_BE), self._noise(1), self.rng.randint(*AGES))

    def _grown(self, age: int) -> Streams:
        group = self._cut()
        for _ in range(min(age, group.end - 1)):
            with torch.no_grad():
                group = group.moved(group.tick(self.trainer.model)[1], self._noise(1))
        return group

    def _views(self, group: Streams, moved: Tensor) -> Views:
        t_F = group.moved_t_F
        behind_sink = bool(t_F[0] < 0)
        drawn = torch.stack([self.shelf.drawn(clip, len(t_F), behind_sink, self.generator) for clip in group.clips])
        t = t_F.clamp(min=0)[:, None, None, None]
        noisy = (1 - t) * drawn + t * self._noise(len(t_F))
        grain = GRAIN * (t == 0)
        mistaken = [self._mistaken(self.shelf.attributes[clip]) for clip in group.clips]
        return Views(
            moved + grain * self._noise(len(t_F)),
            noisy + grain * self._noise(len(t_F)),
            t_F,
            self.shelf.prompts[list(group.clips), EXACTLY],
            torch.stack([named_shares(**asdict(attributes)) for attributes in mistaken]),
        )

    def _mistaken(self, asked: Attributes) -> Attributes:
        """Something else in one of the attributes: most often the pace or the direction, the hardest to see."""
        form = self.rng.random()
        headings = set(SCENES[asked.scene.rpartition("+")[2]].headings) - {asked.heading}
        if form < 0.35 and headings:
            return replace(asked, heading=self.rng.choice(sorted(headings)))
        if form < 0.7:
            return replace(asked, speed=self.rng.choice(sorted(set(SPEEDS) - {asked.speed})))
        if form < 0.8:
            return replace(asked, palette=self.rng.choice(sorted(set(PALETTES) - {asked.palette})))
        return replace(asked, scene=self.rng.choice(sorted(self.scenes - {asked.scene})))
