"""Plasma: slow interfering waves of colour that fold into one another."""

from __future__ import annotations

import torch
from torch import Tensor

from fifo_live.training.canvas import Shot, sample


def draw(shot: Shot) -> Tensor:
    y_h1, x_1w = shot.grid()
    tile, bend_tile = shot.noise(4, 1), shot.noise(4, 1)
    scale = shot.uniform(0.22, 0.34)
    move = 0.05 * shot.clock
    u = x_1w * scale - move * shot.heading[0]
    v = y_h1 * scale - move * shot.heading[1]
    bend = sample(bend_tile, u * 0.8 + 0.03 * shot.clock, v * 0.8 - 0.02 * shot.clock)
    field = sample(tile, u + 0.16 * bend, v + 0.16 * bend + 0.02 * shot.clock)
    phase = 6.28 * (1.1 * field + 0.06 * shot.clock + shot.uniform(0, 1))
    return shot.enlarge(shot.colour(0.5 + 0.46 * torch.sin(phase)))
