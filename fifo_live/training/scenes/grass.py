"""Grass: waves of wind run through a field under a wide sky, tall blades bend in front."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from fifo_live.training.canvas import Canvas, lay, sample, smoothstep

NUM_BLADES = 20


def draw(canvas: Canvas) -> Tensor:
    return before(canvas, _sky(canvas))


def before(canvas: Canvas, behind_F3HW: Tensor) -> Tensor:
    """Lay the field over a picture (F, 3, H, W) of what is behind it."""
    y_h1, x_1w = canvas.grid()
    wind = canvas.noise(4, 2, 0.35)
    top = _skyline(canvas, x_1w)
    ground = _field(canvas, wind, y_h1, x_1w, top)
    shade, cover = _blades(canvas, wind, y_h1, x_1w, ground)
    cover = torch.maximum(cover, smoothstep(-0.006, 0.006, y_h1 - top))
    field_F3 = canvas.enlarge(canvas.colour(shade))
    return lay(behind_F3HW, field_F3, canvas.enlarge(cover.unsqueeze(1))[:, 0])


def _skyline(canvas: Canvas, x_1w: Tensor) -> Tensor:
    """The far edge of the field as (1, 1, w): a gently rolling line."""
    swell = sample(canvas.noise(4, 1), x_1w[None] * 0.3, torch.full((1, 1, 1), canvas.uniform(0, 1)))
    return canvas.uniform(0.46, 0.53) + 0.06 * swell


def _sky(canvas: Canvas) -> Tensor:
    """A sky that brightens downwards, a low sun without an edge and banks of cloud; returns (F, 3, H, W)."""
    y_h1, x_1w = canvas.grid()
    drift = 0.012 * canvas.sideways() * canvas.clock
    bank = sample(canvas.noise(4, 2, 0.4), x_1w * 0.22 - drift, y_h1 * 0.9 + 0.004 * canvas.clock)
    away = ((x_1w - canvas.uniform(0.35, canvas.aspect - 0.35)) ** 2 + (y_h1 - canvas.uniform(0.26, 0.42)) ** 2).sqrt()
    sun = 0.45 * torch.exp(-((away / 0.34) ** 2)) + 0.53 * torch.exp(-((away / 0.085) ** 4))
    shade = (0.44 + 0.40 * y_h1 + 0.20 * smoothstep(-0.1, 0.5, bank)).clamp(max=0.9)
    return canvas.enlarge(canvas.colour(shade + (1 - shade) * sun))


def _gust(canvas: Canvas, wind: Tensor, across: Tensor, distance: Tensor) -> Tensor:
    """The wind in -1..1 at a place of the ground: winding fronts that run along it."""
    place = across - 0.42 * canvas.sideways() * canvas.clock
    strength = sample(wind, 0.34 * place, 0.25 * distance + 0.02 * canvas.clock)
    front = torch.sin(2 * math.pi * (0.7 * place + 0.28 * distance + 0.5 * strength))
    return 0.6 * front + 0.4 * strength


def _field(canvas: Canvas, wind: Tensor, y_h1: Tensor, x_1w: Tensor, top: Tensor) -> Tensor:
    below = (y_h1 - top).clamp(min=0)
    distance = 0.5 / (below + 0.16)  # perspective: far rows are dense; 1 is near the front edge
    gust = _gust(canvas, wind, (x_1w - canvas.aspect / 2) * distance, distance)
    haze = 0.16 * torch.exp(-below / 0.05)
    return (0.49 - 0.34 * below + haze + (0.10 + 0.16 * (below / 0.25).clamp(max=1)) * gust).clamp(0.05, 0.85)


def _blades(canvas: Canvas, wind: Tensor, y_h1: Tensor, x_1w: Tensor, ground: Tensor) -> tuple[Tensor, Tensor]:
    """Draw the front row over the shades of the ground; returns shade and cover, both (F, h, w)."""
    shade, cover = ground, torch.zeros_like(ground)
    slots = (torch.arange(NUM_BLADES) + canvas.rand(NUM_BLADES)) / NUM_BLADES
    for place in slots[canvas.rand(NUM_BLADES).argsort()].tolist():
        root = place * (canvas.aspect + 0.3) - 0.15
        tall, half, phase = canvas.uniform(0.26, 0.52), canvas.uniform(0.018, 0.030), canvas.uniform(0, 6.28)
        here = torch.full((1, 1, 1), root)
        gust = _gust(canvas, wind, here - canvas.aspect / 2, torch.ones(1, 1, 1))
        lean = canvas.sideways() * (0.08 + 0.13 * gust) + 0.02 * torch.sin(1.9 * canvas.clock + phase)
        lean = (lean + canvas.uniform(-0.06, 0.06)) * tall / 0.35
        up = (1.03 - y_h1) / tall
        offset = (x_1w - root - lean * up.clamp(min=0) ** 2).abs()
        edge = half * (1 - up).clamp(min=0) ** 0.6
        blade = smoothstep(-0.006, 0.006, edge - offset) * smoothstep(1.0, 0.92, up)
        tone = (0.03 + 0.22 * up + 0.06 * gust).clamp(0.02, 0.4)
        shade = torch.lerp(shade, tone.expand_as(shade), blade)
        cover = torch.maximum(cover, blade)
    return shade, cover
