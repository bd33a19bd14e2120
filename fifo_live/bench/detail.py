"""Measures the fine detail of pictures: what gets lost in a copy of a quarter of the size, and textures.

Shapes: F frames, H W picture, C channels, D features.
"""

import torch
import torch.nn.functional as nnf
from torch import Tensor

from fifo_live.bundled.autoencoder import Encoder

COARSE = 4  # a quarter of the size each way
STAGES = 2  # of the encoder, from the finest: what stands in squares of 4 and of 8 pixels
EVERY = 8  # frames from one whose texture is described to the next
FAINT = 1e-3  # contrast below which nothing is seen


def detail(frames_FHWC: Tensor) -> float:
    """Return the mean square, on a scale of 0..1, of what uint8 frames lose in a quarter-size copy enlarged again."""
    x_F3HW = frames_FHWC.permute(0, 3, 1, 2).float() / 255
    coarse = nnf.interpolate(x_F3HW, scale_factor=1 / COARSE, mode="bicubic", antialias=True)
    enlarged = nnf.interpolate(coarse, size=x_F3HW.shape[-2:], mode="bicubic")
    return float((x_F3HW - enlarged).square().mean())


@torch.inference_mode()
def texture(encoder: Encoder, frames_FHWC: Tensor) -> Tensor:
    """Return (F, D): the logarithms of how strongly each filter of the encoder's fine stages varies over a picture.

    The encoder has learnt from drawn pictures as sharp as they are, at full size; nothing was softened.
    """
    x = frames_FHWC[::EVERY].permute(0, 3, 1, 2).float() / 127.5 - 1
    x = x[..., : x.shape[2] // 8 * 8, : x.shape[3] // 8 * 8].contiguous(memory_format=torch.channels_last)
    parts = []
    for stage_FChw in encoder.fine_stages(x, STAGES):
        parts.append((stage_FChw.std((2, 3)) + FAINT).log())
    return torch.cat(parts, dim=1)
