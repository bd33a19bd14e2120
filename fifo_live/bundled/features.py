"""Features that the classifier reads: layout, colours and motion of a second of pictures, on a coarse grid of cells.

Motion is described as for optical flow (Lucas and Kanade, IJCAI 1981): how the change over a lag goes along with the
gradients across and down, at three scales and over three lags. Nothing here is learnt; the classifier is.
Shapes: S stretches, F frames, C channels or entries, H and W picture, h and w cells.
"""

from __future__ import annotations

import torch
import torch.nn.functional as nnf
from torch import Tensor

WIDTH, HEIGHT = 144, 80
CELLS = (10, 18)  # down, across
LAGS = (1, 3, 8)  # frames
SCALES = (2, 4, 8)  # pixels of a step
ENTRIES = 2 * 12 + 2 * 3 + len(SCALES) * (3 + 3 * len(LAGS))

FLAT = 2e-5  # the squared gradient of hardly more than rounding
MOST = 4.0  # flow beyond this many pixels is no flow


def extract_features(x_SFCHW: Tensor) -> Tensor:
    """Return (S, ENTRIES, h, w) for pictures of WIDTH x HEIGHT in 0..1."""
    mean_SCHW = x_SFCHW.mean(1)
    spread_SCHW = (x_SFCHW.square().mean(1) - mean_SCHW.square()).clamp(min=0).sqrt()
    parts = [
        _fine(mean_SCHW),
        _fine(spread_SCHW),
        nnf.adaptive_max_pool2d(x_SFCHW.amax(1), CELLS),
        -nnf.adaptive_max_pool2d(-x_SFCHW.amin(1), CELLS),
    ]
    grey_SFHW = x_SFCHW.mean(2)
    return torch.cat((*parts, *(_motion(nnf.avg_pool2d(grey_SFHW, scale)) for scale in SCALES)), dim=1)


def mirrored(input_SChw: Tensor) -> Tensor:
    """Return what would be said of the same pictures mirrored left to right."""
    return input_SChw.flip(-1)[:, _MIRROR_ORDER] * _MIRROR_SIGNS[:, None, None].to(input_SChw.dtype)


def _mirror() -> tuple[Tensor, Tensor]:
    """Which entry takes the place of each, and with which sign: columns in a cell swap, what points across turns."""
    order, signs = torch.arange(ENTRIES), torch.ones(ENTRIES)
    order[:24] = order[:24].view(-1, 2).flip(1).flatten()
    per_scale = 3 + 3 * len(LAGS)
    for start in range(30, ENTRIES, per_scale):
        signs[start + 2] = -1
        signs[start + 3 : start + per_scale : 3] = -1
    return order, signs


def _fine(x_SCHW: Tensor) -> Tensor:
    """Average to two by two values a cell: (S, 4 C, h, w)."""
    return nnf.pixel_unshuffle(nnf.adaptive_avg_pool2d(x_SCHW, (2 * CELLS[0], 2 * CELLS[1])), 2)


def _motion(g_SFHW: Tensor) -> Tensor:
    """Return (S, entries, h, w): steepness and slant, and for each lag flow across, flow down and change."""
    across_SFHW = (g_SFHW[..., 1:-1, 2:] - g_SFHW[..., 1:-1, :-2]) / 2
    down_SFHW = (g_SFHW[..., 2:, 1:-1] - g_SFHW[..., :-2, 1:-1]) / 2
    flat, upright = _cells(across_SFHW.square()), _cells(down_SFHW.square())
    steep_Shw = flat + upright + FLAT
    entries = [steep_Shw.log(), (flat - upright) / steep_Shw, 2 * _cells(across_SFHW * down_SFHW) / steep_Shw]
    inner_SFHW = g_SFHW[..., 1:-1, 1:-1]
    for lag in LAGS:
        change_SFHW = inner_SFHW[:, lag:] - inner_SFHW[:, :-lag]
        for slope_SFHW in (across_SFHW, down_SFHW):
            along_Shw = _cells((slope_SFHW[:, lag:] + slope_SFHW[:, :-lag]) / -2 * change_SFHW)
            entries.append((along_Shw / steep_Shw).clamp(-MOST, MOST))
        entries.append((_cells(change_SFHW.square()) / steep_Shw + 1e-3).log())
    return torch.stack(entries, dim=1)


def _cells(x_SFHW: Tensor) -> Tensor:
    return nnf.adaptive_avg_pool2d(x_SFHW.mean(1), CELLS)


_MIRROR_ORDER, _MIRROR_SIGNS = _mirror()
