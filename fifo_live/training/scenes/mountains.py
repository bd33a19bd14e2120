"""Mountains: ridges behind ridges in the morning haze, passing by."""

from __future__ import annotations

import torch
from torch import Tensor

from fifo_live.training.canvas import Shot, lay, sample, smoothstep

NUM_RIDGES = 4


def draw(shot: Shot) -> Tensor:
    y_h1, x_1w = shot.grid()
    sun = ((x_1w - shot.uniform(0.35, shot.aspect - 0.35)) ** 2 + (y_h1 - shot.uniform(0.2, 0.32)) ** 2).sqrt()
    shade = 0.52 + 0.34 * y_h1 + 0.25 * torch.exp(-((sun / 0.3) ** 2))
    sky_13 = lay(shot.colour(shade.clamp(0, 0.95)[None]), shot.stop(1.0), smoothstep(0.078, 0.068, sun)[None])
    return _ridges(shot, shot.enlarge(sky_13), 0)


def before(shot: Shot, behind_F3HW: Tensor) -> Tensor:
    """Lay the nearer ridges over a given sky."""
    return _ridges(shot, behind_F3HW, 1)


def _ridges(shot: Shot, picture: Tensor, first: int) -> Tensor:
    y_h1, x_1w = shot.grid()
    picture = picture.expand(len(shot.time_F), -1, -1, -1)
    zero = torch.zeros(1, 1, 1)
    for ridge in range(first, NUM_RIDGES):
        pace = 0.010 + 0.016 * ridge
        tile = shot.noise(4 + 4 * (ridge % 2), 3, 0.42)
        place = x_1w * (0.36 - 0.04 * ridge) - shot.sideways() * pace * shot.clock + shot.uniform(0, 1)
        top = 0.44 + 0.15 * ridge - (0.17 - 0.015 * ridge) * sample(tile, place, zero + shot.uniform(0, 1))
        below = y_h1 - top
        haze = (0.52 - 0.15 * ridge + 0.45 * below.clamp(0, 0.35)).clamp(0.03, 0.9)
        cover_FHW = shot.enlarge(smoothstep(-0.006, 0.006, below).unsqueeze(1))[:, 0]
        picture = lay(picture, shot.enlarge(shot.colour(haze)), cover_FHW)
    return picture
