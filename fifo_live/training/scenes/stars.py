"""Stars: a soft nebula and large stars, drifting sideways or flying towards the viewer."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from fifo_live.training.canvas import Canvas, points, sample, smoothstep

NUM_STARS = 30
NEBULA_PACE = 0.042  # periods of its noise a second, a tenth of the picture's height
ZOOM_PACE = 0.12  # turns a second


def draw(canvas: Canvas) -> Tensor:
    nebula_F3 = canvas.enlarge(_nebula(canvas))
    xy, radius, light = _flight(canvas) if canvas.depth else _drift(canvas)
    scale = canvas.height / 320
    stars_FHW = points((len(canvas.time_F), canvas.height, canvas.width), xy, radius * scale, light)
    star_colour = 0.6 + 0.4 * canvas.stop(1.0)
    return (nebula_F3 + stars_FHW.unsqueeze(1) * star_colour).clamp(0, 1)


def _nebula(canvas: Canvas) -> Tensor:
    """Draw the cloud between the stars: it drifts, or is flown through without end."""
    y_h1, x_1w = canvas.grid()
    u, v = (x_1w - canvas.aspect / 2) * 0.42, (y_h1 - 0.5) * 0.42
    cloud, warp = canvas.noise(4, 3), canvas.noise(4, 2)

    def layer(u: Tensor, v: Tensor) -> Tensor:
        bend = sample(warp, u + 0.3, v)
        return sample(cloud, u + 0.10 * bend, v + 0.08 * bend)

    if canvas.depth:
        value = _endless_zoom(canvas, layer, u, v)
    else:
        move = NEBULA_PACE * canvas.clock
        value = layer(u - move * canvas.heading[0], v - move * canvas.heading[1])
    return canvas.colour(0.02 + 0.68 * smoothstep(-0.40, 1.0, value) ** 1.5)


def _endless_zoom(canvas: Canvas, layer: Callable[[Tensor, Tensor], Tensor], u: Tensor, v: Tensor) -> Tensor:
    """Mix two copies of a picture that grow around the centre; each has faded out where it begins anew."""
    total = 0 * canvas.clock
    for part in (0.0, 0.5):
        turns = ZOOM_PACE * canvas.depth * canvas.clock + part
        grown = turns - turns.floor()
        size = 2.6 ** (grown - 0.5)
        place = 0.37 * turns.floor() + part  # another part of the tile each time
        total = total + torch.sin(math.pi * grown) ** 2 * layer(u / size + place, v / size + place)
    return total


def _sizes(canvas: Canvas) -> Tensor:
    return 5.0 + 9.0 * canvas.rand(1, NUM_STARS) ** 2


def _drift(canvas: Canvas) -> tuple[Tensor, Tensor, Tensor]:
    size_1P = _sizes(canvas)
    pace_1P = 0.09 + 0.010 * (size_1P - 5.0)
    home_P2 = canvas.rand(NUM_STARS, 2) * canvas.span
    move_FP2 = (canvas.time_F[:, None] * pace_1P).unsqueeze(-1) * torch.tensor(canvas.heading)
    twinkle = 0.85 + 0.15 * torch.sin(6.28 * (canvas.time_F[:, None] * 0.5 + canvas.rand(1, NUM_STARS)))
    return canvas.wrapped(home_P2 + move_FP2), size_1P.expand(len(canvas.time_F), -1), twinkle


def _flight(canvas: Canvas) -> tuple[Tensor, Tensor, Tensor]:
    """Stars on straight lines through the camera: place = home / distance."""
    home_P2 = (canvas.rand(NUM_STARS, 2) - 0.5) * torch.tensor([2.4, 1.6])
    distance_FP = (canvas.rand(1, NUM_STARS) - 0.22 * canvas.depth * canvas.time_F[:, None]) % 1
    centre = torch.tensor([canvas.aspect / 2, 0.5])
    xy_FP2 = (centre + home_P2 * 0.5 / (distance_FP + 0.12).unsqueeze(-1)) * canvas.height
    radius_FP = (3.0 / (distance_FP + 0.12)).clamp(5.5, 16.0)
    light_FP = smoothstep(1.0, 0.6, distance_FP) * smoothstep(0.0, 0.05, distance_FP)
    return xy_FP2, radius_FP, light_FP
