"""Aurora: waving curtains of light over a dark ridge."""

from __future__ import annotations

import torch
from torch import Tensor

from fifo_live.training.canvas import Shot, lay, points, sample, smoothstep

NUM_STARS = 16


def draw(shot: Shot) -> Tensor:
    y_h1, x_1w = shot.grid()
    light = sum((_curtain(shot, y_h1, x_1w, layer) for layer in range(3)), torch.zeros(1))
    sky = shot.colour((0.05 + 0.12 * y_h1 + 0.8 * light).clamp(0, 0.96))
    ridge = _ridge(shot, y_h1, x_1w)
    picture = shot.enlarge(lay(sky, shot.stop(0.0) * 0.6, ridge.expand(len(shot.time_F), -1, -1)))
    xy = shot.rand(1, NUM_STARS, 2) * torch.tensor([float(shot.width), shot.height * 0.6])
    radius = (3.0 + 1.4 * shot.rand(1, NUM_STARS)) * shot.height / 320
    stars = points((1, shot.height, shot.width), xy, radius, 0.3 + 0.5 * shot.rand(1, NUM_STARS))
    return (picture + stars.unsqueeze(1)).clamp(0, 1)


def _curtain(shot: Shot, y_h1: Tensor, x_1w: Tensor, layer: int) -> Tensor:
    """One band: a wavy lower hem, bright there and fading upwards, with vertical rays."""
    hem_tile, ray_tile = shot.noise(4, 2), shot.noise(16, 2)
    drift = shot.sideways() * shot.clock
    zero = torch.zeros(1, 1, 1)
    phase = x_1w * 0.30 - 0.035 * drift + 0.37 * layer
    hem = 0.38 + 0.13 * layer + 0.22 * sample(hem_tile, phase, zero + 0.03 * shot.clock)
    rays = sample(ray_tile, phase * 2.2 - 0.02 * drift, 0.05 * shot.clock + 0.12 * y_h1)
    above = (hem - y_h1) / (0.24 + 0.08 * layer)
    body = torch.exp(-above.clamp(min=0) * 1.6) * smoothstep(-0.10, 0.05, above)
    patch = 0.45 + 0.55 * smoothstep(-0.5, 0.5, sample(hem_tile, phase * 0.7 + 0.5, zero + 0.5 + 0.04 * shot.clock))
    return body * patch * (0.70 + 0.40 * rays) * (1.15 - 0.28 * layer)


def _ridge(shot: Shot, y_h1: Tensor, x_1w: Tensor) -> Tensor:
    tile = shot.noise(4, 4)
    top = 0.84 + 0.09 * sample(tile, x_1w[None] * 0.35, torch.zeros(1, 1, 1))
    return smoothstep(-0.006, 0.006, y_h1 - top)
