"""Plasma: slow interfering waves of colour that fold into one another."""

from __future__ import annotations

import torch
from torch import Tensor

from fifo_live.training.canvas import Canvas, sample


def draw(canvas: Canvas) -> Tensor:
    y_h1, x_1w = canvas.grid()
    tile, bend_tile = canvas.noise(4, 1), canvas.noise(4, 1)
    scale = canvas.uniform(0.22, 0.34)
    move = 0.05 * canvas.clock
    u = x_1w * scale - move * canvas.heading[0]
    v = y_h1 * scale - move * canvas.heading[1]
    bend = sample(bend_tile, u * 0.8 + 0.03 * canvas.clock, v * 0.8 - 0.02 * canvas.clock)
    field = sample(tile, u + 0.16 * bend, v + 0.16 * bend + 0.02 * canvas.clock)
    phase = 6.28 * (1.1 * field + 0.06 * canvas.clock + canvas.uniform(0, 1))
    return canvas.enlarge(canvas.colour(0.5 + 0.46 * torch.sin(phase)))
