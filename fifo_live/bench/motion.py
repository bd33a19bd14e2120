"""Measures visible motion from frame to frame: what is carried along counts, what only shimmers does not.

The flow is that of Lucas and Kanade (IJCAI 1981), a step for every cell, from coarse to fine with warping in between.
Shapes: F pairs of frames, H W picture, h w cells.
"""

import torch
import torch.nn.functional as nnf
from torch import Tensor

LAG = 2  # frames between the two of a pair: what shimmers does not add up over time, what moves does
EVERY = 4  # frames from one pair to the next
SIZE = (160, 288)  # height and width at which flow is measured
SHRUNK = (8, 4, 2, 1)  # from coarse to fine
CELL = 8  # pixels of the shrunk picture
STEPS = 3  # at every size
AROUND = 65  # pixels of the surroundings that a place is set against
FAINT = 0.02  # contrast, of a full range of 1, below which little is seen
FLAT = 1e-4  # the squared gradient, of contrasts evened to 1, below which a cell is rather left where it was
NOTHING = 1e-4  # squared change that is hardly more than rounding


def displacement(frames_FHWC: Tensor) -> float:
    """Return how far what can be seen moves in a frame, in parts of the picture's width, for uint8 pictures.

    It is the mean over cells, each counted by how much there is to be seen in it, and as far as its movement explains
    how it changes.
    """
    grey_F1HW = nnf.adaptive_avg_pool2d(frames_FHWC.float().mean(3)[:, None] / 255, SIZE)
    here, there = (evened(grey_F1HW[start:stop:EVERY]) for start, stop in ((0, -LAG), (LAG, None)))
    flow_F2HW = flow(here, there)
    still, moved = (nnf.avg_pool2d((other - here).square(), CELL) for other in (there, warped(there, flow_F2HW)))
    explained = (1 - moved / still.clamp(min=1e-12)).clamp(min=0) * (still > NOTHING)
    seen = nnf.avg_pool2d(_gradients(here).square().sum(1, keepdim=True), CELL)
    weight = seen / (seen + FLAT)
    distance = nnf.avg_pool2d(flow_F2HW.square().sum(1, keepdim=True).sqrt(), CELL)
    return float((weight * explained * distance).sum() / weight.sum().clamp(min=1e-6)) / (LAG * SIZE[1])


def evened(grey_F1HW: Tensor) -> Tensor:
    """Return how far each place stands out from its surroundings, so that changes of light do not matter."""
    out_F1HW = grey_F1HW - _box(grey_F1HW, AROUND)
    return out_F1HW / (_box(out_F1HW.square(), AROUND).sqrt() + FAINT)


def flow(here_F1HW: Tensor, there_F1HW: Tensor) -> Tensor:
    """Return (F, 2, H, W): how many pixels across and down each place has moved from the one picture to the other."""
    found = torch.zeros(len(here_F1HW), 2, 1, 1)
    for shrunk in SHRUNK:
        here, there = nnf.avg_pool2d(here_F1HW, shrunk), nnf.avg_pool2d(there_F1HW, shrunk)
        found = _enlarged(found, here.shape[-2:], (1 if shrunk == SHRUNK[0] else 2))
        for _ in range(STEPS):
            found = found + _step(here, warped(there, found))
    return found


def warped(picture_F1HW: Tensor, flow_F2HW: Tensor) -> Tensor:
    """Return the picture with each place taken from where the flow leads."""
    height, width = picture_F1HW.shape[-2:]
    down, across = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    x = (across + flow_F2HW[:, 0] + 0.5) * 2 / width - 1
    y = (down + flow_F2HW[:, 1] + 0.5) * 2 / height - 1
    grid_FHW2 = torch.stack((x, y), dim=-1)
    return nnf.grid_sample(picture_F1HW, grid_FHW2, padding_mode="border", align_corners=False)


def _step(here_F1HW: Tensor, there_F1HW: Tensor) -> Tensor:
    """Return the displacement (F, 2, H, W) that explains best, for each cell, how the one differs from the other."""
    slopes = (_gradients(here_F1HW) + _gradients(there_F1HW)) / 2
    change = there_F1HW - here_F1HW
    across, down = slopes[:, :1], slopes[:, 1:]
    products = torch.cat((across**2, down**2, across * down, across * change, down * change), dim=1)
    xx, yy, xy, xt, yt = _smooth(products).chunk(5, dim=1)
    xx, yy = xx + FLAT / 4, yy + FLAT / 4
    step: Tensor = torch.cat((xy * yt - yy * xt, xy * xt - xx * yt), dim=1) / (xx * yy - xy**2)
    return step.clamp(-1.5, 1.5)


def _smooth(x: Tensor) -> Tensor:
    """Average over places near by."""
    return _box(_box(x, CELL + 1), CELL + 1)


def _box(x: Tensor, side: int) -> Tensor:
    """Average over squares."""
    x = nnf.avg_pool2d(x, (side, 1), 1, (side // 2, 0), count_include_pad=False)
    return nnf.avg_pool2d(x, (1, side), 1, (0, side // 2), count_include_pad=False)


def _gradients(picture_F1HW: Tensor) -> Tensor:
    padded = nnf.pad(picture_F1HW, (1, 1, 1, 1), mode="replicate")
    across = (padded[:, :, 1:-1, 2:] - padded[:, :, 1:-1, :-2]) / 2
    down = (padded[:, :, 2:, 1:-1] - padded[:, :, :-2, 1:-1]) / 2
    return torch.cat((across, down), dim=1)


def _enlarged(flow_F2HW: Tensor, size: torch.Size, factor: int) -> Tensor:
    return factor * nnf.interpolate(flow_F2HW, size=tuple(size), mode="bilinear", align_corners=False)
