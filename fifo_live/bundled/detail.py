"""Give a stream's latents back, before they are decoded, the detail that a few ticks lose.

Eight Euler steps end with less spread than what they were trained on, and mean squares take more of it. What is lost is
detail: how a cell differs from the cells around it. It is made stronger here by what of it stays from frame to frame;
what comes and goes within a few frames is damped a little instead, so that pictures grow sharper and no more restless.
Shapes: F latents, C channels, H W latent size.
"""

from __future__ import annotations

import torch
import torch.nn.functional as nnf
from torch import Tensor

GAIN = 0.25  # how much stronger detail that stays becomes
DAMPED = 0.15  # the part of what comes and goes that is left out
FOLLOW = 0.5  # how far the memory of what stays goes along with each latent


class Detail:
    """The memory of one stream, from a cut to the next."""

    def __init__(self) -> None:
        self._steady_1CHW: Tensor | None = None

    def reset(self) -> None:
        self._steady_1CHW = None

    def strengthen(self, x_FCHW: Tensor) -> Tensor:
        """Return the next latents of the stream with their detail strengthened."""
        strengthened = []
        for x_1CHW in torch.split(x_FCHW, 1):
            detail = fine(x_1CHW)
            steady = detail if self._steady_1CHW is None else torch.lerp(self._steady_1CHW, detail, FOLLOW)
            strengthened.append(x_1CHW + GAIN * steady + DAMPED * (steady - detail))
            self._steady_1CHW = steady
        return torch.cat(strengthened)


def soften(x_FCHW: Tensor) -> Tensor:
    """Return latents of pictures as soft as a stream's, so that they look like the pictures once strengthened."""
    return x_FCHW - GAIN / (1 + GAIN) * fine(x_FCHW)


def fine(x_FCHW: Tensor) -> Tensor:
    """Return how each cell differs from the mean of the cells around it."""
    return x_FCHW - nnf.avg_pool2d(x_FCHW, 3, 1, 1, count_include_pad=False)
