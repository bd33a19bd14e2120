"""The forward of Latte (arXiv 2401.03048), with a time and a text of its own for every frame.

Shape suffixes: B batch, F frames, C channels, H and W height and width, L text tokens, D text width, S patches of one
frame, E the network's width; N is B * F, M is B * S.
"""

from typing import Any

import torch
from torch import Tensor

from fifo_live.models.parts.text import split_mask

MASKED = -10000.0
"""What is added to the attention that a token of padding would get."""


class FrameLatte:
    """Runs diffusers' `LatteTransformer3DModel` through its public parts.

    Its own forward repeats one time and one text over all frames; with the same for each frame this is the same.
    """

    def __init__(self, latte: Any) -> None:
        self.latte = latte

    def __call__(self, x_BFCHW: Tensor, t_BF: Tensor, text_BFLD: Tensor) -> Tensor:
        """Return the prediction, (B, F, output channels, H, W), in the network's own number format.

        `text_BFLD` carries a last column that marks tokens; padding is not attended to.
        """
        latte, num_frames = self.latte, x_BFCHW.shape[1]
        time_N6E, embedded_NE = latte.adaln_single(t_BF.flatten(), hidden_dtype=latte.dtype)
        states_NLD, is_token_NL = split_mask(text_BFLD.flatten(0, 1))
        text_NLE = latte.caption_projection(states_NLD.to(latte.dtype))
        mask_N1L = ((~is_token_NL).to(latte.dtype) * MASKED)[:, None]
        x_NSE = latte.pos_embed(x_BFCHW.flatten(0, 1).to(latte.dtype))
        places = latte.temp_pos_embed[:, :num_frames].to(latte.dtype)
        for spatial, temporal in zip(latte.transformer_blocks, latte.temporal_transformer_blocks, strict=True):
            x_NSE = spatial(x_NSE, None, text_NLE, mask_N1L, time_N6E)
            x_MFE = x_NSE.unflatten(0, x_BFCHW.shape[:2]).transpose(1, 2).flatten(0, 1)
            x_MFE = _temporal(temporal, x_MFE + places, time_N6E.unflatten(0, x_BFCHW.shape[:2]))
            x_NSE = x_MFE.unflatten(0, (x_BFCHW.shape[0], -1)).transpose(1, 2).flatten(0, 1)
            places = torch.zeros_like(places)
        shift, scale = (latte.scale_shift_table + embedded_NE[:, None]).chunk(2, dim=1)
        x_NSE = latte.proj_out(latte.norm_out(x_NSE) * (1 + scale) + shift)
        return _unpatch(x_NSE, latte.config.patch_size, x_BFCHW)


def _temporal(block: Any, x_MFE: Tensor, time_BF6E: Tensor) -> Tensor:
    """Run a block that attends over time, where every frame is modulated by its own time."""
    num_batch, num_frames = time_BF6E.shape[:2]
    shares = len(x_MFE) // num_batch
    table = block.scale_shift_table + time_BF6E.reshape(num_batch, num_frames, 6, -1)
    modulation_MF6E = table.repeat_interleave(shares, dim=0)
    shift, scale, gate, shift_ff, scale_ff, gate_ff = modulation_MF6E.unbind(2)
    x_MFE = x_MFE + gate * block.attn1(block.norm1(x_MFE) * (1 + scale) + shift)
    return x_MFE + gate_ff * block.ff(block.norm2(x_MFE) * (1 + scale_ff) + shift_ff)


def _unpatch(x_NSE: Tensor, patch: int, like_BFCHW: Tensor) -> Tensor:
    """Lay the patches of every frame out as latents."""
    num_batch, num_frames, _, height, width = like_BFCHW.shape
    rows, columns = height // patch, width // patch
    x_BFhwpqC = x_NSE.reshape(num_batch, num_frames, rows, columns, patch, patch, -1)
    return x_BFhwpqC.permute(0, 1, 6, 2, 4, 3, 5).reshape(num_batch, num_frames, -1, height, width)
