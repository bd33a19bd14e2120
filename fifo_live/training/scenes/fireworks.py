"""Fireworks: rockets that open into spheres of soft sparks over a dark skyline.

A slot shows one burst after another, and the slots take turns: S slots, P sparks of a burst, B bursts in the tables.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from fifo_live.training.canvas import Canvas, lay, points, smoothstep

NUM_SLOTS = 4
NUM_BURSTS = 64  # different ones until they repeat
NUM_HOUSES = 16
LIFE_S = 3.2  # from the launch to the last glimmer
RISE_S = 0.7
SHELLS = ((14, 1.0), (8, 0.52))  # sparks, and their share of a burst's radius
TAIL = (1.0, 0.87, 0.74, 0.61)  # of the way from the heart to a spark
ROCKET_S = (0.0, 0.03, 0.06, 0.10, 0.14)


def draw(canvas: Canvas) -> Tensor:
    y_h1, x_1w = canvas.grid()
    sky_13 = canvas.colour((0.02 + 0.15 * y_h1**2 + 0 * x_1w)[None])
    lit_F3 = (sky_13 + _bursts(canvas)).clamp(0, 1)
    return canvas.enlarge(lay(lit_F3, 0.45 * canvas.stop(0.0), _skyline(canvas).expand(len(canvas.time_F), -1, -1)))


def _skyline(canvas: Canvas) -> Tensor:
    """Return the cover (1, h, w) of a row of dark houses."""
    y_h1, x_1w = canvas.grid()
    top_N = 0.07 + 0.13 * canvas.rand(NUM_HOUSES) ** 1.5
    house_w = (x_1w[0] / canvas.aspect * NUM_HOUSES).long().clamp(max=NUM_HOUSES - 1)
    return smoothstep(-0.006, 0.006, y_h1 - (1 - top_N[house_w]))[None]


def _bursts(canvas: Canvas) -> Tensor:
    """Draw the light of all bursts (F, 3, h, w), black where there is none."""
    y_h1, x_1w = canvas.grid()
    age_FS, burst_FS = _turns(canvas)
    place_B2 = _places(canvas)
    size_B = 0.24 + 0.11 * canvas.rand(NUM_BURSTS)
    colour_B3 = canvas.colour((0.42 + 0.58 * canvas.rand(NUM_BURSTS))[:, None, None])[:, :, 0, 0]
    centre_FS2, size_FS, colour_FS3 = place_B2[burst_FS], size_B[burst_FS], colour_B3[burst_FS]
    spark_FShw = _sparks(canvas, age_FS - RISE_S, centre_FS2, size_FS) + _rockets(canvas, age_FS, centre_FS2)
    open_FS = (age_FS - RISE_S).clamp(min=0)
    glow_FS = smoothstep(0.0, 0.08, open_FS) * torch.exp(-1.8 * open_FS)
    wide_FS1 = (1.1 * size_FS).unsqueeze(-1)
    across_FSw = torch.exp(-(((x_1w - centre_FS2[..., :1]) / wide_FS1) ** 2))
    down_FSh = torch.exp(-(((y_h1.T - centre_FS2[..., 1:]) / wide_FS1) ** 2))
    glow_F3 = torch.einsum("fsc,fsh,fsw->fchw", 0.42 * glow_FS.unsqueeze(-1) * colour_FS3, down_FSh, across_FSw)
    heart_F1 = 0.5 * (spark_FShw.sum(1, keepdim=True) - 0.55).clamp(0, 1)  # the brightest sparks turn white
    return glow_F3 + torch.einsum("fsc,fshw->fchw", colour_FS3, spark_FShw) + heart_F1


def _turns(canvas: Canvas) -> tuple[Tensor, Tensor]:
    """Return the age in seconds and the number of the burst in every slot (F, S)."""
    slot_S = torch.arange(NUM_SLOTS)
    turn_FS = canvas.time_F[:, None] / LIFE_S + slot_S / NUM_SLOTS
    burst_FS = (turn_FS.floor().long() * NUM_SLOTS - slot_S) % NUM_BURSTS
    return (turn_FS - turn_FS.floor()) * LIFE_S, burst_FS


def _places(canvas: Canvas) -> Tensor:
    """Return the places (B, 2) where the bursts open, each far from the one before."""
    across_B = (torch.arange(NUM_BURSTS) * 0.382 + 0.16 * canvas.rand(NUM_BURSTS) + canvas.rand(1)) % 1
    return torch.stack((0.2 + (canvas.aspect - 0.4) * across_B, 0.26 + 0.22 * canvas.rand(NUM_BURSTS)), dim=-1)


def _sparks(canvas: Canvas, age_FS: Tensor, centre_FS2: Tensor, size_FS: Tensor) -> Tensor:
    """Draw the sparks (F, S, h, w) of two shells that open fast, hang, sink and fade, with tails towards the heart."""
    ray_P2 = torch.cat([_ring(canvas, number, reach) for number, reach in SHELLS])
    age_FS1 = age_FS.clamp(min=0).unsqueeze(-1)
    spread_FS1 = size_FS.unsqueeze(-1) * (1 - torch.exp(-2.6 * age_FS1)) + 0.02 * age_FS1
    fade_FS1 = smoothstep(0.0, 0.1, age_FS1) * smoothstep(LIFE_S - RISE_S, 0.3 * (LIFE_S - RISE_S), age_FS1)
    xy, radius, light = [], [], []
    for number, part in enumerate(TAIL):
        sink_FS2 = torch.cat((0 * age_FS1, 0.04 * part * age_FS1**2), dim=-1)
        xy.append((centre_FS2 + sink_FS2).unsqueeze(2) + part * spread_FS1.unsqueeze(-1) * ray_P2)
        light.append((0.85 * 0.58**number * fade_FS1).expand(-1, -1, len(ray_P2)))
        radius.append(torch.full_like(light[-1], 0.028 * 0.92**number))
    return _splat(canvas, torch.cat(xy, 2), torch.cat(radius, 2), torch.cat(light, 2))


def _ring(canvas: Canvas, number: int, reach: float) -> Tensor:
    """Return places (number, 2) spread evenly on a circle, a little uneven in distance."""
    angle_P = 2 * math.pi * (torch.arange(number) / number + canvas.rand(1))
    return reach * (0.92 + 0.16 * canvas.rand(number, 1)) * torch.stack((angle_P.cos(), angle_P.sin()), dim=-1)


def _rockets(canvas: Canvas, age_FS: Tensor, centre_FS2: Tensor) -> Tensor:
    """Draw a short bright trail (F, S, h, w) rising to the place of the burst."""
    delay_T = torch.tensor(ROCKET_S)
    part_FST = ((age_FS.unsqueeze(-1) - delay_T) / RISE_S).clamp(0, 1)
    rise_FST = torch.sin(part_FST * math.pi / 2)
    y_FST = torch.lerp(torch.ones_like(rise_FST), centre_FS2[..., 1:].expand_as(rise_FST), rise_FST)
    xy_FST2 = torch.stack((centre_FS2[..., :1].expand_as(y_FST), y_FST), dim=-1)
    light_FST = smoothstep(RISE_S + 0.1, RISE_S, age_FS).unsqueeze(-1) * (1 - 4 * delay_T)
    return _splat(canvas, xy_FST2, torch.full_like(light_FST, 0.026), light_FST)


def _splat(canvas: Canvas, xy_FSP2: Tensor, radius_FSP: Tensor, light_FSP: Tensor) -> Tensor:
    frames, slots = xy_FSP2.shape[:2]
    height, width = canvas.height // 2, canvas.width // 2
    shape = (frames * slots, height, width)
    picture = points(shape, xy_FSP2.flatten(0, 1) * height, radius_FSP.flatten(0, 1) * height, light_FSP.flatten(0, 1))
    return picture.view(frames, slots, height, width)
