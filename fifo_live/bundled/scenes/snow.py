"""Snow: large soft flakes falling on hills with fir trees."""

from __future__ import annotations

import torch
from torch import Tensor

from fifo_live.bundled.canvas import Shot, lay, points, sample, smoothstep

NUM_FLAKES = 38
NUM_TREES = 9


def draw(shot: Shot) -> Tensor:
    return before(shot, shot.enlarge(_land(shot)))


def before(shot: Shot, behind_F3HW: Tensor) -> Tensor:
    """Let snow fall in front of a given picture."""
    xy, radius, light = _flakes(shot)
    flakes_FHW = points((len(shot.time_F), shot.height, shot.width), xy, radius, light)
    white = 0.25 * shot.stop(1.0) + 0.75
    return lay(behind_F3HW.expand(len(shot.time_F), -1, -1, -1), white, flakes_FHW.clamp(0, 0.95))


def _land(shot: Shot) -> Tensor:
    y_h1, x_1w = shot.grid()
    sky = shot.colour((0.20 + 0.42 * y_h1 + 0 * x_1w)[None])
    far_top = 0.66 + 0.10 * sample(shot.noise(4, 2), x_1w[None] * 0.25, torch.zeros(1, 1, 1))
    near_top = 0.82 + 0.08 * sample(shot.noise(4, 1), x_1w[None] * 0.25, torch.zeros(1, 1, 1))
    picture = lay(sky, shot.stop(0.62), smoothstep(-0.006, 0.006, y_h1 - far_top))
    trees = torch.zeros(1, *sky.shape[2:])
    for tree in range(NUM_TREES):
        foot_x = shot.aspect * (tree + shot.uniform(0.1, 0.9)) / NUM_TREES
        trees = torch.maximum(trees, _tree(y_h1, x_1w, foot_x, shot.uniform(0.14, 0.34)))
    picture = lay(picture, shot.stop(0.10), trees)
    snow = shot.colour((0.88 - 0.5 * (y_h1 - near_top).clamp(0, 1)).clamp(0, 1))
    return lay(picture, snow, smoothstep(-0.006, 0.006, y_h1 - near_top))


def _tree(y_h1: Tensor, x_1w: Tensor, foot_x: float, tall: float) -> Tensor:
    part = ((y_h1 - (0.86 - tall)) / tall).clamp(0, 1.2)  # 0 at the tip, 1 at the foot
    half = tall * (0.26 * part + 0.03)
    return (smoothstep(0.008, -0.008, (x_1w - foot_x).abs() - half) * smoothstep(0.0, 0.03, part))[None]


def _flakes(shot: Shot) -> tuple[Tensor, Tensor, Tensor]:
    near_1P = shot.rand(1, NUM_FLAKES) ** 1.5
    pace_1P = 0.14 + 0.22 * near_1P
    span = torch.tensor([shot.aspect + 0.1, 1.1])
    home_P2 = shot.rand(NUM_FLAKES, 2) * span
    fall_FP = shot.time_F[:, None] * pace_1P
    sway_FP = 0.02 * torch.sin(1.6 * shot.time_F[:, None] + 6.28 * shot.rand(1, NUM_FLAKES))
    move_FP2 = torch.stack((0.75 * shot.heading[0] * fall_FP + sway_FP, fall_FP), dim=-1)
    xy_FP2 = ((home_P2 + move_FP2) % span - 0.05) * shot.height
    radius_FP = ((5.5 + 6.5 * near_1P) * shot.height / 320).expand_as(fall_FP)
    return xy_FP2, radius_FP, (0.95 - 0.35 * near_1P).expand_as(fall_FP)
