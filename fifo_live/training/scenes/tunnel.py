"""Tunnel: glowing rings round a vanishing point, flown through forwards or backwards."""

from __future__ import annotations

import torch
from torch import Tensor

from fifo_live.training.canvas import Shot, smoothstep


def draw(shot: Shot) -> Tensor:
    y_h1, x_1w = shot.grid()
    swing_x, swing_y = shot.uniform(0, 6.28), shot.uniform(0, 6.28)
    centre_x = shot.aspect / 2 + 0.10 * torch.sin(0.35 * shot.clock + swing_x)
    centre_y = 0.5 + 0.06 * torch.sin(0.3 * shot.clock + swing_y)
    dx, dy = x_1w - centre_x, y_h1 - centre_y
    radius = (dx**2 + dy**2).sqrt().clamp(min=0.01)
    angle = torch.atan2(dy, dx)
    sign = shot.depth if shot.depth else 1.0
    depth = torch.log(radius) * 1.6 - sign * 0.6 * shot.clock  # equal ratios of radius are equal steps
    ring = 0.5 + 0.5 * torch.cos(6.28 * depth + shot.uniform(0, 6.28))
    arms = int(shot.uniform(2, 5))
    twist = torch.sin(arms * angle + 1.8 * torch.log(radius) + 0.3 * shot.clock + shot.uniform(0, 6.28))
    fog = smoothstep(0.02, 0.75, radius)
    shade = fog * (0.10 + 0.58 * ring**1.6 + 0.20 * ring * twist) + (1 - smoothstep(0.0, 0.13, radius)) * 0.85
    return shot.enlarge(shot.colour(shade.clamp(0, 0.97)))
