"""Corruption of training windows: errors as a stream makes them, so that the denoiser learns to correct them.

A stream continues its own frames, so small errors are handed on and grow. Some windows therefore have their cleaner
frames corrupted (blurred, with too much or too little contrast, with soft stains that stay, or mixed with another clip,
as after a change of prompt), while the target stays the drawn clip; see the noise augmentation of GameNGen (arXiv
2408.14837, section 3.2.1).
Shapes: B windows, F frames, C channels, H W latent size.
"""

from __future__ import annotations

import torch
import torch.nn.functional as nnf
from torch import Tensor

SHARE = 0.3
MIXED = 0.5  # share of the corrupted windows that are mixed with another clip
HIGHEST_TIME = 0.7  # frames above a random time below this stay as they are
STAIN = 0.35
GRAIN = 0.12
PULL = 2.0  # largest part of an error that one unit of time takes back


def corrupt(x0: Tensor, t_BF: Tensor, generator: torch.Generator) -> Tensor:
    """Return what is to be added to the clean latents (B, F, C, H, W); zero for frames that stay as they are."""
    batch, num_frames, channels, height, width = x0.shape

    def strength(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(batch, 1, 1, 1, 1, generator=generator)

    coarse = torch.randn(batch, channels, 3, 5, generator=generator)
    stain = nnf.interpolate(coarse, size=(height, width), mode="bicubic", align_corners=False).unsqueeze(1)
    soft = nnf.avg_pool2d(x0.flatten(0, 1), 3, 1, 1, count_include_pad=False).view_as(x0)
    error = strength(0, STAIN) * stain + strength(0, 1) ** 2 * (soft - x0) + strength(-0.1, 0.2) * x0
    error = error + strength(0, GRAIN) * torch.randn(x0.shape, generator=generator)
    other = x0.roll(1, dims=0) - x0
    error = error + strength(0, 1) * (strength(0, 1) < MIXED) * other
    highest_B1 = HIGHEST_TIME * torch.rand(batch, 1, generator=generator)
    chosen_B1 = torch.rand(batch, 1, generator=generator) < SHARE
    touched_BF = (t_BF <= highest_B1) & chosen_B1
    return error * touched_BF[:, :, None, None, None]


def restoring_flow(error: Tensor, t: Tensor) -> Tensor:
    """The part of the target flow, besides noise minus clean latent, that leads away from the error."""
    return error * ((1 - t) / t.clamp(min=1e-3)).clamp(max=PULL)
