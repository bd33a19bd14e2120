"""Stars: a soft nebula and large stars, drifting sideways or flying towards the viewer."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from fifo_live.training.canvas import Shot, points, sample, smoothstep

NUM_STARS = 30
NEBULA_PACE = 0.042  # periods of its noise a second, a tenth of the picture's height
ZOOM_PACE = 0.12  # turns a second


def draw(shot: Shot) -> Tensor:
    nebula_F3 = shot.enlarge(_nebula(shot))
    xy, radius, light = _flight(shot) if shot.depth else _drift(shot)
    scale = shot.height / 320
    stars_FHW = points((len(shot.time_F), shot.height, shot.width), xy, radius * scale, light)
    star_colour = 0.6 + 0.4 * shot.stop(1.0)
    return (nebula_F3 + stars_FHW.unsqueeze(1) * star_colour).clamp(0, 1)


def _nebula(shot: Shot) -> Tensor:
    """Draw the cloud between the stars: it drifts, or is flown through without end."""
    y_h1, x_1w = shot.grid()
    u, v = (x_1w - shot.aspect / 2) * 0.42, (y_h1 - 0.5) * 0.42
    cloud, warp = shot.noise(4, 3), shot.noise(4, 2)

    def layer(u: Tensor, v: Tensor) -> Tensor:
        bend = sample(warp, u + 0.3, v)
        return sample(cloud, u + 0.10 * bend, v + 0.08 * bend)

    if shot.depth:
        value = _endless_zoom(shot, layer, u, v)
    else:
        move = NEBULA_PACE * shot.clock
        value = layer(u - move * shot.heading[0], v - move * shot.heading[1])
    return shot.colour(0.02 + 0.68 * smoothstep(-0.40, 1.0, value) ** 1.5)


def _endless_zoom(shot: Shot, layer: Callable[[Tensor, Tensor], Tensor], u: Tensor, v: Tensor) -> Tensor:
    """Mix two copies of a picture that grow around the centre; each has faded out where it begins anew."""
    total = 0 * shot.clock
    for part in (0.0, 0.5):
        turns = ZOOM_PACE * shot.depth * shot.clock + part
        grown = turns - turns.floor()
        size = 2.6 ** (grown - 0.5)
        place = 0.37 * turns.floor() + part  # another part of the tile each time
        total = total + torch.sin(math.pi * grown) ** 2 * layer(u / size + place, v / size + place)
    return total


def _sizes(shot: Shot) -> Tensor:
    return 5.0 + 9.0 * shot.rand(1, NUM_STARS) ** 2


def _drift(shot: Shot) -> tuple[Tensor, Tensor, Tensor]:
    size_1P = _sizes(shot)
    pace_1P = 0.09 + 0.010 * (size_1P - 5.0)
    home_P2 = shot.rand(NUM_STARS, 2) * shot.span
    move_FP2 = (shot.time_F[:, None] * pace_1P).unsqueeze(-1) * torch.tensor(shot.heading)
    twinkle = 0.85 + 0.15 * torch.sin(6.28 * (shot.time_F[:, None] * 0.5 + shot.rand(1, NUM_STARS)))
    return shot.wrapped(home_P2 + move_FP2), size_1P.expand(len(shot.time_F), -1), twinkle


def _flight(shot: Shot) -> tuple[Tensor, Tensor, Tensor]:
    """Stars on straight lines through the camera: place = home / distance."""
    home_P2 = (shot.rand(NUM_STARS, 2) - 0.5) * torch.tensor([2.4, 1.6])
    distance_FP = (shot.rand(1, NUM_STARS) - 0.22 * shot.depth * shot.time_F[:, None]) % 1
    centre = torch.tensor([shot.aspect / 2, 0.5])
    xy_FP2 = (centre + home_P2 * 0.5 / (distance_FP + 0.12).unsqueeze(-1)) * shot.height
    radius_FP = (3.0 / (distance_FP + 0.12)).clamp(5.5, 16.0)
    light_FP = smoothstep(1.0, 0.6, distance_FP) * smoothstep(0.0, 0.05, distance_FP)
    return xy_FP2, radius_FP, light_FP
