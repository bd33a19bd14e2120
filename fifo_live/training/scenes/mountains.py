"""Mountains: ridges behind ridges in the morning haze, passing by."""

from __future__ import annotations

import torch
from torch import Tensor

from fifo_live.training.canvas import Canvas, lay, sample, smoothstep

NUM_RIDGES = 4


def draw(canvas: Canvas) -> Tensor:
    y_h1, x_1w = canvas.grid()
    sun = ((x_1w - canvas.uniform(0.35, canvas.aspect - 0.35)) ** 2 + (y_h1 - canvas.uniform(0.2, 0.32)) ** 2).sqrt()
    shade = 0.52 + 0.34 * y_h1 + 0.25 * torch.exp(-((sun / 0.3) ** 2))
    sky_13 = lay(canvas.colour(shade.clamp(0, 0.95)[None]), canvas.stop(1.0), smoothstep(0.078, 0.068, sun)[None])
    return _ridges(canvas, canvas.enlarge(sky_13), 0)


def before(canvas: Canvas, behind_F3HW: Tensor) -> Tensor:
    """Lay the nearer ridges over a given sky."""
    return _ridges(canvas, behind_F3HW, 1)


def _ridges(canvas: Canvas, picture: Tensor, first: int) -> Tensor:
    y_h1, x_1w = canvas.grid()
    picture = picture.expand(len(canvas.time_F), -1, -1, -1)
    zero = torch.zeros(1, 1, 1)
    for ridge in range(first, NUM_RIDGES):
        pace = 0.010 + 0.016 * ridge
        tile = canvas.noise(4 + 4 * (ridge % 2), 3, 0.42)
        place = x_1w * (0.36 - 0.04 * ridge) - canvas.sideways() * pace * canvas.clock + canvas.uniform(0, 1)
        top = 0.44 + 0.15 * ridge - (0.17 - 0.015 * ridge) * sample(tile, place, zero + canvas.uniform(0, 1))
        below = y_h1 - top
        haze = (0.52 - 0.15 * ridge + 0.45 * below.clamp(0, 0.35)).clamp(0.03, 0.9)
        cover_FHW = canvas.enlarge(smoothstep(-0.006, 0.006, below).unsqueeze(1))[:, 0]
        picture = lay(picture, canvas.enlarge(canvas.colour(haze)), cover_FHW)
    return picture
