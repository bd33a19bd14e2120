"""Snow: large soft flakes falling on hills with fir trees."""

from __future__ import annotations

import torch
from torch import Tensor

from fifo_live.training.canvas import Canvas, lay, points, sample, smoothstep

NUM_FLAKES = 30
NUM_TREES = 9
VEIL_PACE = 0.055  # periods of its noise a second
WIND = 1.1  # how far flakes are blown sideways while they fall by one


def draw(canvas: Canvas) -> Tensor:
    return _fall(canvas, canvas.enlarge(_land(canvas)))


def before(canvas: Canvas, behind_F3HW: Tensor) -> Tensor:
    """Let snow fall in front of a given picture, pale in the cold air, with a snowbank at its foot."""
    y_h1, x_1w = canvas.grid()
    top = 0.90 + 0.05 * _ridge(canvas, x_1w, octaves=1)
    bank = canvas.enlarge(canvas.colour((0.90 - 1.2 * (y_h1 - top).clamp(0, 1)).clamp(0, 1)))
    cover = canvas.enlarge(smoothstep(-0.008, 0.008, y_h1 - top).unsqueeze(1))[:, 0]
    pale_F3HW = torch.lerp(behind_F3HW, _white(canvas).expand_as(behind_F3HW), 0.12)
    return _fall(canvas, lay(pale_F3HW, bank, cover.expand(len(behind_F3HW), -1, -1)))


def _white(canvas: Canvas) -> Tensor:
    return 0.25 * canvas.stop(1.0) + 0.75


def _fall(canvas: Canvas, behind_F3HW: Tensor) -> Tensor:
    """Lay veils of fine snow and the large flakes over a picture (F, 3, H, W), which may be one for all frames."""
    behind_F3HW = behind_F3HW.expand(len(canvas.time_F), -1, -1, -1)
    white = _white(canvas)
    veil_FHW = canvas.enlarge(_veil(canvas).unsqueeze(1))[:, 0]
    flakes_FHW = points((len(canvas.time_F), canvas.height, canvas.width), *_flakes(canvas))
    return lay(lay(behind_F3HW, white, veil_FHW), white, flakes_FHW.clamp(0, 0.95))


def _veil(canvas: Canvas) -> Tensor:
    """Draw how much (F, h, w) drifting fine snow hides."""
    y_h1, x_1w = canvas.grid()
    fall = VEIL_PACE * canvas.clock
    dense = sample(canvas.noise(8, 3), 0.40 * x_1w - fall * WIND * canvas.heading[0], 0.40 * y_h1 - fall)
    return 0.34 * smoothstep(-0.25, 0.75, dense)


def _land(canvas: Canvas) -> Tensor:
    y_h1, x_1w = canvas.grid()
    sky = canvas.colour((0.20 + 0.42 * y_h1 + 0 * x_1w)[None])
    far_top = 0.66 + 0.10 * _ridge(canvas, x_1w, octaves=2)
    near_top = 0.82 + 0.08 * _ridge(canvas, x_1w, octaves=1)
    picture = lay(sky, canvas.stop(0.62), smoothstep(-0.006, 0.006, y_h1 - far_top))
    trees = torch.zeros(1, *sky.shape[2:])
    for tree in range(NUM_TREES):
        foot_x = canvas.aspect * (tree + canvas.uniform(0.1, 0.9)) / NUM_TREES
        trees = torch.maximum(trees, _tree(y_h1, x_1w, foot_x, canvas.uniform(0.14, 0.34)))
    picture = lay(picture, canvas.stop(0.10), trees)
    snow = canvas.colour((0.88 - 0.5 * (y_h1 - near_top).clamp(0, 1)).clamp(0, 1))
    return lay(picture, snow, smoothstep(-0.006, 0.006, y_h1 - near_top))


def _ridge(canvas: Canvas, x_1w: Tensor, octaves: int) -> Tensor:
    """Draw a line of hills (1, 1, w), about -1..1."""
    return sample(canvas.noise(4, octaves), x_1w[None] * 0.25, torch.zeros(1, 1, 1))


def _tree(y_h1: Tensor, x_1w: Tensor, foot_x: float, tall: float) -> Tensor:
    part = ((y_h1 - (0.86 - tall)) / tall).clamp(0, 1.2)  # 0 at the tip, 1 at the foot
    half = tall * (0.26 * part + 0.03)
    return (smoothstep(0.008, -0.008, (x_1w - foot_x).abs() - half) * smoothstep(0.0, 0.03, part))[None]


def _flakes(canvas: Canvas) -> tuple[Tensor, Tensor, Tensor]:
    near_1P = canvas.rand(1, NUM_FLAKES) ** 1.5
    pace_1P = 0.12 + 0.16 * near_1P
    home_P2 = canvas.rand(NUM_FLAKES, 2) * canvas.span
    fall_FP = canvas.time_F[:, None] * pace_1P
    sway_FP = 0.02 * torch.sin(1.6 * canvas.time_F[:, None] + 6.28 * canvas.rand(1, NUM_FLAKES))
    move_FP2 = torch.stack((WIND * canvas.heading[0] * fall_FP + sway_FP, fall_FP), dim=-1)
    radius_FP = ((7.0 + 11.0 * near_1P) * canvas.height / 320).expand_as(fall_FP)
    return canvas.wrapped(home_P2 + move_FP2), radius_FP, (0.95 - 0.35 * near_1P).expand_as(fall_FP)
