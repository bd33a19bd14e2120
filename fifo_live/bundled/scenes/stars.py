"""Stars: a soft nebula and large stars, drifting sideways or flying towards the viewer."""

from __future__ import annotations

import torch
from torch import Tensor

from fifo_live.bundled.canvas import Shot, points, sample, smoothstep

NUM_STARS = 40


def draw(shot: Shot) -> Tensor:
    nebula_F3 = shot.enlarge(_nebula(shot))
    xy, radius, light = _flight(shot) if shot.depth else _drift(shot)
    scale = shot.height / 320
    stars_FHW = points((len(shot.time_F), shot.height, shot.width), xy, radius * scale, light)
    star_colour = 0.6 + 0.4 * shot.stop(1.0)
    return (nebula_F3 + stars_FHW.unsqueeze(1) * star_colour).clamp(0, 1)


def _nebula(shot: Shot) -> Tensor:
    y_h1, x_1w = shot.grid()
    cloud, warp = shot.noise(4, 3), shot.noise(4, 2)
    zoom = 1 / (1 + 0.03 * shot.depth * shot.clock)
    u = (x_1w - shot.aspect / 2) * 0.42 * zoom - 0.02 * shot.clock * shot.heading[0]
    v = (y_h1 - 0.5) * 0.42 * zoom - 0.02 * shot.clock * shot.heading[1]
    bend = sample(warp, u + 0.3, v)
    value = sample(cloud, u + 0.10 * bend, v + 0.08 * bend)
    return shot.colour(0.02 + 0.60 * smoothstep(-0.40, 1.0, value) ** 1.5)


def _sizes(shot: Shot) -> Tensor:
    return 3.8 + 5.4 * shot.rand(1, NUM_STARS) ** 2


def _drift(shot: Shot) -> tuple[Tensor, Tensor, Tensor]:
    size_1P = _sizes(shot)
    pace_1P = 0.05 + 0.022 * (size_1P - 3.8)
    home_P2 = shot.rand(NUM_STARS, 2)
    span = torch.tensor([shot.aspect + 0.1, 1.1])
    move_FP2 = (shot.time_F[:, None] * pace_1P).unsqueeze(-1) * torch.tensor(shot.heading)
    xy_FP2 = ((home_P2 * span + move_FP2) % span - 0.05) * shot.height
    twinkle = 0.85 + 0.15 * torch.sin(6.28 * (shot.time_F[:, None] * 0.5 + shot.rand(1, NUM_STARS)))
    return xy_FP2, size_1P.expand(len(shot.time_F), -1), twinkle


def _flight(shot: Shot) -> tuple[Tensor, Tensor, Tensor]:
    """Stars on straight lines through the camera: place = home / distance."""
    home_P2 = (shot.rand(NUM_STARS, 2) - 0.5) * torch.tensor([2.4, 1.6])
    distance_FP = (shot.rand(1, NUM_STARS) - 0.22 * shot.depth * shot.time_F[:, None]) % 1
    centre = torch.tensor([shot.aspect / 2, 0.5])
    xy_FP2 = (centre + home_P2 * 0.5 / (distance_FP + 0.12).unsqueeze(-1)) * shot.height
    radius_FP = (1.8 / (distance_FP + 0.12)).clamp(3.6, 10.0)
    light_FP = smoothstep(1.0, 0.6, distance_FP) * smoothstep(0.0, 0.05, distance_FP)
    return xy_FP2, radius_FP, light_FP
