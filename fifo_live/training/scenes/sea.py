"""Sea: an open horizon, a low sun and its glitter on the waves."""

from __future__ import annotations

import torch
from torch import Tensor

from fifo_live.training.canvas import Canvas, lay, sample, smoothstep


def draw(canvas: Canvas) -> Tensor:
    y_h1, x_1w = canvas.grid()
    horizon = canvas.uniform(0.40, 0.48)
    sun_x = canvas.uniform(0.3, canvas.aspect - 0.3)
    sun_y = horizon - canvas.uniform(0.08, 0.2)
    sky_F3 = canvas.enlarge(_sky(canvas, y_h1, x_1w, horizon, sun_x, sun_y))
    return _fill(canvas, sky_F3, horizon, sun_x)


def before(canvas: Canvas, behind_F3HW: Tensor) -> Tensor:
    """Lay the water under a given sky; its glitter lies in the middle third."""
    return _fill(canvas, behind_F3HW, canvas.uniform(0.52, 0.60), canvas.aspect * canvas.uniform(0.35, 0.65))


def _fill(canvas: Canvas, behind_F3HW: Tensor, horizon: float, glitter_x: float) -> Tensor:
    y_h1, x_1w = canvas.grid()
    water_F3 = canvas.enlarge(_water(canvas, y_h1, x_1w, horizon, glitter_x))
    y_H1 = (torch.arange(canvas.height).unsqueeze(1) + 0.5) / canvas.height
    shore_H1 = smoothstep(horizon - 0.004, horizon + 0.004, y_H1)
    return lay(behind_F3HW.expand_as(water_F3), water_F3, shore_H1.expand(len(water_F3), -1, canvas.width))


def _sky(canvas: Canvas, y_h1: Tensor, x_1w: Tensor, horizon: float, sun_x: float, sun_y: float) -> Tensor:
    glow = torch.exp(-(((x_1w - sun_x) ** 2 + (y_h1 - sun_y) ** 2) / 0.10))
    shade = (0.25 + 0.42 * (y_h1 / horizon).clamp(0, 1) ** 1.5 + 0.18 * glow)[None]
    disc = smoothstep(0.078, 0.068, ((x_1w - sun_x) ** 2 + (y_h1 - sun_y) ** 2).sqrt())[None]
    return lay(canvas.colour(shade), canvas.stop(1.0), disc)


def _water(canvas: Canvas, y_h1: Tensor, x_1w: Tensor, horizon: float, sun_x: float) -> Tensor:
    distance_h1 = 0.12 / (y_h1 - horizon + 0.045).clamp(min=0.01)  # perspective: far rows are dense
    side = canvas.sideways()
    near, far = canvas.noise(8, 2), canvas.noise(8, 2)
    across = (x_1w - canvas.aspect / 2) * distance_h1.clamp(max=1.6) * 0.55
    drift = canvas.clock * side
    swell = sample(near, across - 0.10 * drift, distance_h1 * 1.1 + 0.06 * canvas.clock)
    ripple = sample(far, across * 1.7 - 0.15 * drift, distance_h1 * 1.9 - 0.05 * canvas.clock + 0.1 * swell)
    wave = 0.6 * swell + 0.4 * ripple
    depth = ((y_h1 - horizon) / (1 - horizon)).clamp(0, 1)
    fade = 0.35 + 0.65 * depth**0.6
    path = torch.exp(-(((x_1w - sun_x) / (0.10 + 0.22 * depth)) ** 2))
    glitter = path * smoothstep(0.0, 0.45, wave + 0.12) * (0.85 - 0.3 * depth)
    shade = 0.46 - 0.26 * depth + 0.34 * fade * wave + 0.5 * glitter
    return canvas.colour(shade.clamp(0.03, 1))
