"""Silk: glowing ribbons of light that wave across the dark."""

from __future__ import annotations

import torch
from torch import Tensor

from fifo_live.training.canvas import Canvas

NUM_RIBBONS = 4


def draw(canvas: Canvas) -> Tensor:
    y_h1, x_1w = canvas.grid()
    light = torch.zeros(len(canvas.time_F), y_h1.shape[0], x_1w.shape[1])
    drift = canvas.sideways() * canvas.clock
    for ribbon in range(NUM_RIBBONS):
        light += _ribbon(canvas, y_h1, x_1w, drift, ribbon)
    return canvas.enlarge(canvas.colour(0.03 + 0.93 * (1 - torch.exp(-1.25 * light))))


def _ribbon(canvas: Canvas, y_h1: Tensor, x_1w: Tensor, drift: Tensor, ribbon: int) -> Tensor:
    a, b, c, d = (canvas.uniform(0, 6.28) for _ in range(4))
    slow = 1.9 + 0.5 * ribbon
    spine = 0.26 + 0.16 * ribbon + 0.14 * torch.sin(slow * x_1w - 0.75 * drift + a)
    spine = spine + 0.06 * torch.sin(2.1 * slow * x_1w - 1.1 * drift + b)
    width = 0.075 + 0.055 * torch.sin(1.7 * x_1w - 0.5 * drift + c)
    offset = (y_h1 - spine) / width.clamp(min=0.02)
    sheet = torch.exp(-(offset.clamp(min=0) ** 2) * 0.55) * torch.exp(-(offset.clamp(max=0) ** 2) * 9)
    return sheet * (0.75 + 0.25 * torch.sin(3.1 * x_1w - 1.3 * drift + d))
