"""Streams that the network keeps going by itself while it is trained, as the engine keeps those that are shown.

Each begins with a cut: the head of a shot grows by a latent a tick, its first clean latent becomes the sink, and from
then on the window is sink, clean context and queue. No drawn frame ever enters.
Shapes: B streams of a group, F frames, C channels, H W latent size, E conditioning entries.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from fifo_live.bundled.light import hold_light
from fifo_live.bundled.unet import SINK_TIME, VideoUNet
from fifo_live.training.batches import LEVELS


@dataclass(frozen=True)
class Streams:
    """Streams of one age (ticks since their cut): the window (B, F, C, H, W) that the next tick takes, its prompts."""

    clips: tuple[int, ...]  # of the dataset; they say what is asked for
    cond_BE: Tensor
    x: Tensor
    end: int  # the age at which they are given up
    age: int = 0

    @property
    def t_F(self) -> Tensor:
        """The times before the tick."""
        clean = [SINK_TIME, 0.0][: max(0, self.age - LEVELS + 1)]
        return torch.cat((torch.tensor(clean), torch.arange(max(1, LEVELS - self.age), LEVELS + 1) / LEVELS))

    @property
    def moved_t_F(self) -> Tensor:
        """The times behind the tick."""
        return torch.where(self.t_F > 0, self.t_F - 1 / LEVELS, self.t_F)

    def tick(self, model: VideoUNet) -> tuple[Tensor, Tensor]:
        """Return what the network says, and the window one level on; both as large as the window."""
        batch, num_frames = self.x.shape[:2]
        t_BF = self.t_F.expand(batch, -1)
        cond_BFE = self.cond_BE[:, None].expand(-1, num_frames, -1)
        with torch.autocast("cpu", torch.bfloat16):
            flow = model(self.x, t_BF, cond_BFE).float()
        held = hold_light(self.x, t_BF, cond_BFE, flow)
        return flow, self.x - held * (t_BF > 0)[:, :, None, None, None] / LEVELS

    def moved(self, x: Tensor, born: Tensor) -> Streams:
        """Go on with a window that has been moved, and noise (B, 1, C, H, W) behind it; the oldest context leaves."""
        stays = x if self.age <= LEVELS else torch.cat((x[:, :1], x[:, 2:]), dim=1)
        return replace(self, x=torch.cat((stays, born), dim=1), age=self.age + 1)
