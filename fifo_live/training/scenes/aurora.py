"""Aurora: waving curtains of light over a dark ridge."""

from __future__ import annotations

import torch
from torch import Tensor

from fifo_live.training.canvas import Canvas, lay, points, sample, smoothstep

NUM_STARS = 16


def draw(canvas: Canvas) -> Tensor:
    y_h1, x_1w = canvas.grid()
    light = sum((_curtain(canvas, y_h1, x_1w, layer) for layer in range(3)), torch.zeros(1))
    sky = canvas.colour((0.05 + 0.12 * y_h1 + 0.8 * light).clamp(0, 0.96))
    ridge = _ridge(canvas, y_h1, x_1w)
    picture = canvas.enlarge(lay(sky, canvas.stop(0.0) * 0.6, ridge.expand(len(canvas.time_F), -1, -1)))
    xy = canvas.rand(1, NUM_STARS, 2) * torch.tensor([float(canvas.width), canvas.height * 0.6])
    radius = (3.0 + 1.4 * canvas.rand(1, NUM_STARS)) * canvas.height / 320
    stars = points((1, canvas.height, canvas.width), xy, radius, 0.3 + 0.5 * canvas.rand(1, NUM_STARS))
    return (picture + stars.unsqueeze(1)).clamp(0, 1)


def _curtain(canvas: Canvas, y_h1: Tensor, x_1w: Tensor, layer: int) -> Tensor:
    """One band: a wavy lower hem, bright there and fading upwards, with vertical rays."""
    hem_tile, ray_tile = canvas.noise(4, 2), canvas.noise(16, 2)
    drift = canvas.sideways() * canvas.clock
    zero = torch.zeros(1, 1, 1)
    phase = x_1w * 0.30 - 0.035 * drift + 0.37 * layer
    hem = 0.38 + 0.13 * layer + 0.22 * sample(hem_tile, phase, zero + 0.03 * canvas.clock)
    rays = sample(ray_tile, phase * 2.2 - 0.02 * drift, 0.05 * canvas.clock + 0.12 * y_h1)
    above = (hem - y_h1) / (0.24 + 0.08 * layer)
    body = torch.exp(-above.clamp(min=0) * 1.6) * smoothstep(-0.10, 0.05, above)
    patch = 0.45 + 0.55 * smoothstep(-0.5, 0.5, sample(hem_tile, phase * 0.7 + 0.5, zero + 0.5 + 0.04 * canvas.clock))
    return body * patch * (0.70 + 0.40 * rays) * (1.15 - 0.28 * layer)


def _ridge(canvas: Canvas, y_h1: Tensor, x_1w: Tensor) -> Tensor:
    tile = canvas.noise(4, 4)
    top = 0.84 + 0.09 * sample(tile, x_1w[None] * 0.35, torch.zeros(1, 1, 1))
    return smoothstep(-0.006, 0.006, y_h1 - top)
