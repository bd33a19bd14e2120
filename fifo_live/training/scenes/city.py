"""City: a skyline at night with large lit windows, passing by."""

from __future__ import annotations

import torch
import torch.nn.functional as nnf
from torch import Tensor

from fifo_live.training.canvas import Canvas, lay, smoothstep

COLUMNS = 40  # windows side by side until the houses repeat


def _cell(canvas: Canvas) -> int:
    """Draft pixels from window to window."""
    return max(2, canvas.height * 12 // 320)


def draw(canvas: Canvas) -> Tensor:
    y_h1, x_1w = canvas.grid()
    moon = ((x_1w - canvas.uniform(0.3, canvas.aspect - 0.3)) ** 2 + (y_h1 - 0.2) ** 2).sqrt()
    shade = 0.10 + 0.34 * y_h1**1.4 + 0.22 * torch.exp(-((moon / 0.3) ** 2))
    sky_13 = lay(canvas.colour(shade[None]), canvas.stop(0.98), smoothstep(0.075, 0.066, moon)[None])
    return before(canvas, canvas.enlarge(sky_13))


def before(canvas: Canvas, behind_F3HW: Tensor) -> Tensor:
    """Lay the two rows of houses over a given sky."""
    picture = behind_F3HW.expand(len(canvas.time_F), -1, -1, -1)
    for layer, pace in ((0, 0.05), (1, 0.11)):
        strip_3, cover_1 = _strip(canvas, layer)
        move = canvas.sideways() * pace * canvas.time_F * (canvas.height // 2)
        start = canvas.uniform(0, strip_3.shape[-1])
        both = canvas.enlarge(_scroll(torch.cat((strip_3, cover_1)), start - move, canvas.width // 2))
        picture = lay(picture, both[:, :3], both[:, 3])
    return picture


def _strip(canvas: Canvas, layer: int) -> tuple[Tensor, Tensor]:
    """Draw one row of houses as a long periodic strip: colours (3, h, L) and cover (1, h, L)."""
    rows, length = canvas.height // 2, COLUMNS * _cell(canvas)
    colour = (canvas.stop(0.16 - 0.10 * layer)[0] * (1.0 - 0.25 * layer)).expand(3, rows, length).clone()
    cover = torch.zeros(1, rows, length)
    column = 0
    while column < COLUMNS:
        width = min(int(canvas.uniform(3, 6)), COLUMNS - column)
        floors = int(canvas.uniform(5, 10) if layer == 0 else canvas.uniform(2, 7))
        _house(canvas, colour, cover, (column, width, floors), layer)
        column += width
    return colour, cover


def _house(canvas: Canvas, colour: Tensor, cover: Tensor, place: tuple[int, int, int], layer: int) -> None:
    column, width, floors = place
    cell = _cell(canvas)
    top = colour.shape[1] - floors * cell - cell // 3
    left, right = column * cell, (column + width) * cell
    cover[:, top:, left : right - cell // 6] = 1
    lit = (canvas.rand(floors, width) < (0.35 if layer == 0 else 0.5)).tolist()
    bright = (0.62 + 0.3 * canvas.rand(floors, width)).tolist()
    for floor in range(floors):
        for window in range(width):
            if lit[floor][window]:
                y, x = top + cell // 3 + floor * cell, left + cell // 6 + window * cell
                dim = bright[floor][window] - (0.25 if layer == 0 else 0.0)
                colour[:, y : y + cell * 7 // 12, x : x + cell // 2] = canvas.stop(dim)[0]


def _scroll(strip_4: Tensor, start_F: Tensor, width: int) -> Tensor:
    """Cut (F, 4, h, width) out of a periodic strip at sub-pixel starts."""
    length = strip_4.shape[-1]
    whole = start_F.floor()
    index = (whole.long()[:, None] + torch.arange(width + 1)) % length
    cut = strip_4[:, :, index].permute(2, 0, 1, 3)
    part = (start_F - whole)[:, None, None, None]
    moved = torch.lerp(cut[..., :-1], cut[..., 1:], part)
    return nnf.avg_pool2d(nnf.pad(moved, (1, 1, 1, 1), mode="replicate"), 3, 1) * 0.35 + moved * 0.65
