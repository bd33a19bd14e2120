"""Kaleidoscope: one slowly changing wedge, mirrored into a star of petals that turns and breathes."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from fifo_live.training.canvas import Canvas, sample, smoothstep


def draw(canvas: Canvas) -> Tensor:
    y_h1, x_1w = canvas.grid()
    sectors = int(canvas.uniform(6, 9))
    turn = 0.10 * canvas.clock * (1 if canvas.uniform(-1, 1) > 0 else -1) + canvas.uniform(0, 6.28)
    breath = 1 + 0.07 * torch.sin(0.7 * canvas.clock + canvas.uniform(0, 6.28))
    dx, dy = x_1w - canvas.aspect / 2, y_h1 - 0.5
    radius = (dx**2 + dy**2).sqrt() * breath
    angle = torch.atan2(dy, dx) + turn
    width = 2 * math.pi / sectors
    folded = (torch.remainder(angle, width) - width / 2).abs()  # from a petal's axis to the mirror beside it
    pattern = _pattern(canvas, radius, folded, torch.cos(sectors * angle))
    heart = 1 - smoothstep(0.0, 0.17, radius)
    return canvas.enlarge(canvas.colour(pattern + heart * (0.8 - pattern)))


def _pattern(canvas: Canvas, radius: Tensor, folded: Tensor, petal: Tensor) -> Tensor:
    """Bands of soft noise that run along the axis of a wedge, bent round a petal (-1 on its axis, 1 between two)."""
    tile, bend_tile = canvas.noise(4, 1), canvas.noise(4, 1)
    flow = 0.068 * canvas.clock * (canvas.depth if canvas.depth else 1.0)
    along, across = radius * torch.cos(folded), radius * torch.sin(folded)
    bend = sample(bend_tile, 0.35 * along - 0.6 * flow, 0.4 * across + 0.02 * canvas.clock)
    field = sample(tile, 0.42 * along - 0.8 * flow + 0.10 * bend, 0.45 * across + 0.10 * bend)
    star = 0.21 * petal * smoothstep(0.03, 0.35, radius)
    phase = 0.55 * field + star + (radius + 0.03) ** 0.5 - 1.7 * flow + canvas.uniform(0, 1)
    return 0.5 + 0.45 * torch.sin(2 * math.pi * phase)
