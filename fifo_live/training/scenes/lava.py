"""Lava lamp: soft blobs that rise, sink and melt together."""

from __future__ import annotations

import torch
from torch import Tensor

from fifo_live.training.canvas import Canvas, lay, smoothstep

NUM_BLOBS = 7


def draw(canvas: Canvas) -> Tensor:
    y_h1, x_1w = canvas.grid()
    field = torch.exp(-(((1.06 - y_h1) / 0.14) ** 2)) + 0.8 * torch.exp(-(((y_h1 + 0.06) / 0.12) ** 2))
    field = field.expand(len(canvas.time_F), -1, x_1w.shape[1]).clone()
    for blob in range(NUM_BLOBS):
        field += _blob(canvas, y_h1, x_1w, blob)
    inside = smoothstep(0.50, 0.60, field)
    back = canvas.colour((0.10 + 0.22 * y_h1).expand_as(field))
    body = canvas.colour((0.50 + 0.30 * (field - 0.55) + 0.12 * (y_h1 - 0.5)).clamp(0.4, 0.95))
    glow = 0.22 * smoothstep(0.05, 0.55, field).unsqueeze(1) * canvas.stop(0.55)
    return canvas.enlarge(lay((back + glow).clamp(0, 1), body, inside))


def _blob(canvas: Canvas, y_h1: Tensor, x_1w: Tensor, blob: int) -> Tensor:
    radius = canvas.uniform(0.12, 0.21)
    home = canvas.aspect * (blob + 0.5 + canvas.uniform(-0.25, 0.25)) / NUM_BLOBS
    phase, sway = canvas.uniform(0, 6.28), canvas.uniform(0, 6.28)
    rate = 0.42 * (1.1 - radius * 2)
    y = 0.5 - 0.44 * torch.sin(rate * canvas.clock + phase)
    x = home + 0.05 * torch.sin(0.5 * rate * canvas.clock + sway)
    span = 1 + 0.25 * torch.cos(rate * canvas.clock + phase).abs()
    return torch.exp(-(((x_1w - x) * span**0.5) ** 2 + ((y_h1 - y) / span**0.5) ** 2) / radius**2)
