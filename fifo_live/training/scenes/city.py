"""City: a skyline at night with large lit windows, passing by."""

from __future__ import annotations

import torch
import torch.nn.functional as nnf
from torch import Tensor

from fifo_live.training.canvas import Shot, lay, smoothstep

COLUMNS = 40  # windows side by side until the houses repeat


def _cell(shot: Shot) -> int:
    """Draft pixels from window to window."""
    return max(2, shot.height * 12 // 320)


def draw(shot: Shot) -> Tensor:
    y_h1, x_1w = shot.grid()
    moon = ((x_1w - shot.uniform(0.3, shot.aspect - 0.3)) ** 2 + (y_h1 - 0.2) ** 2).sqrt()
    shade = 0.10 + 0.34 * y_h1**1.4 + 0.22 * torch.exp(-((moon / 0.3) ** 2))
    sky_13 = lay(shot.colour(shade[None]), shot.stop(0.98), smoothstep(0.075, 0.066, moon)[None])
    return before(shot, shot.enlarge(sky_13))


def before(shot: Shot, behind_F3HW: Tensor) -> Tensor:
    """Lay the two rows of houses over a given sky."""
    picture = behind_F3HW.expand(len(shot.time_F), -1, -1, -1)
    for layer, pace in ((0, 0.05), (1, 0.11)):
        strip_3, cover_1 = _strip(shot, layer)
        move = shot.sideways() * pace * shot.time_F * (shot.height // 2)
        start = shot.uniform(0, strip_3.shape[-1])
        both = shot.enlarge(_scroll(torch.cat((strip_3, cover_1)), start - move, shot.width // 2))
        picture = lay(picture, both[:, :3], both[:, 3])
    return picture


def _strip(shot: Shot, layer: int) -> tuple[Tensor, Tensor]:
    """Draw one row of houses as a long periodic strip: colours (3, h, L) and cover (1, h, L)."""
    rows, length = shot.height // 2, COLUMNS * _cell(shot)
    colour = (shot.stop(0.16 - 0.10 * layer)[0] * (1.0 - 0.25 * layer)).expand(3, rows, length).clone()
    cover = torch.zeros(1, rows, length)
    column = 0
    while column < COLUMNS:
        width = min(int(shot.uniform(3, 6)), COLUMNS - column)
        floors = int(shot.uniform(5, 10) if layer == 0 else shot.uniform(2, 7))
        _house(shot, colour, cover, (column, width, floors), layer)
        column += width
    return colour, cover


def _house(shot: Shot, colour: Tensor, cover: Tensor, place: tuple[int, int, int], layer: int) -> None:
    column, width, floors = place
    cell = _cell(shot)
    top = colour.shape[1] - floors * cell - cell // 3
    left, right = column * cell, (column + width) * cell
    cover[:, top:, left : right - cell // 6] = 1
    lit = (shot.rand(floors, width) < (0.35 if layer == 0 else 0.5)).tolist()
    bright = (0.62 + 0.3 * shot.rand(floors, width)).tolist()
    for floor in range(floors):
        for window in range(width):
            if lit[floor][window]:
                y, x = top + cell // 3 + floor * cell, left + cell // 6 + window * cell
                dim = bright[floor][window] - (0.25 if layer == 0 else 0.0)
                colour[:, y : y + cell * 7 // 12, x : x + cell // 2] = shot.stop(dim)[0]


def _scroll(strip_4: Tensor, start_F: Tensor, width: int) -> Tensor:
    """Cut (F, 4, h, width) out of a periodic strip at sub-pixel starts."""
    length = strip_4.shape[-1]
    whole = start_F.floor()
    index = (whole.long()[:, None] + torch.arange(width + 1)) % length
    cut = strip_4[:, :, index].permute(2, 0, 1, 3)
    part = (start_F - whole)[:, None, None, None]
    moved = torch.lerp(cut[..., :-1], cut[..., 1:], part)
    return nnf.avg_pool2d(nnf.pad(moved, (1, 1, 1, 1), mode="replicate"), 3, 1) * 0.35 + moved * 0.65
