"""Tunnel: glowing rings round a vanishing point, flown through forwards or backwards."""

from __future__ import annotations

import torch
from torch import Tensor

from fifo_live.training.canvas import Canvas, smoothstep


def draw(canvas: Canvas) -> Tensor:
    y_h1, x_1w = canvas.grid()
    swing_x, swing_y = canvas.uniform(0, 6.28), canvas.uniform(0, 6.28)
    centre_x = canvas.aspect / 2 + 0.10 * torch.sin(0.35 * canvas.clock + swing_x)
    centre_y = 0.5 + 0.06 * torch.sin(0.3 * canvas.clock + swing_y)
    dx, dy = x_1w - centre_x, y_h1 - centre_y
    radius = (dx**2 + dy**2).sqrt().clamp(min=0.01)
    angle = torch.atan2(dy, dx)
    sign = canvas.depth if canvas.depth else 1.0
    depth = torch.log(radius) * 1.6 - sign * 0.6 * canvas.clock  # equal ratios of radius are equal steps
    ring = 0.5 + 0.5 * torch.cos(6.28 * depth + canvas.uniform(0, 6.28))
    arms = int(canvas.uniform(2, 5))
    twist = torch.sin(arms * angle + 1.8 * torch.log(radius) + 0.3 * canvas.clock + canvas.uniform(0, 6.28))
    fog = smoothstep(0.02, 0.75, radius)
    shade = fog * (0.10 + 0.58 * ring**1.6 + 0.20 * ring * twist) + (1 - smoothstep(0.0, 0.13, radius)) * 0.85
    return canvas.enlarge(canvas.colour(shade.clamp(0, 0.97)))
