"""The forward of Latte (arXiv 2401.03048), with a time and a text of its own for every frame.

Shape suffixes: B batch, F frames, C channels, H and W height and width, L text tokens, D text width, S patches of one
frame, E the network's width; N is B * F.
"""

from typing import Any

from einops import rearrange
from torch import Tensor

from fifo_live.errors import ModelError
from fifo_live.models.common.per_frame_network import PerFrameNetwork
from fifo_live.models.common.text_encoder import split_mask

MASKED = -10000.0
"""What is added to the attention that a token of padding would get."""


class PerFrameLatte(PerFrameNetwork):
    """Runs diffusers' `LatteTransformer3DModel` through its public parts.

    Its own forward repeats one time and one text over all frames; with the same for each frame this is the same.
    """

    def __call__(self, x_BFCHW: Tensor, t_BF: Tensor, cond_BF: Tensor) -> Tensor:
        """Return the prediction, (B, F, output channels, H, W), in the network's own number format.

        `cond_BF` has the column that marks tokens; padding is not attended to.

        Raises: ModelError for more latents than the network has places for.
        """
        latte, frames = self._network, x_BFCHW.shape[:2]
        num_places = latte.temp_pos_embed.shape[1]
        if frames[1] > num_places:
            raise ModelError(f"The network has places for {num_places} latents, not {frames[1]}: lower engine.window.")
        time_NE6, embedded_NE = latte.adaln_single(t_BF.flatten(), hidden_dtype=latte.dtype)
        states_NLD, is_token_NL = split_mask(cond_BF.flatten(0, 1))
        text_NLE = latte.caption_projection(states_NLD.to(latte.dtype))
        mask_N1L = (~is_token_NL).to(latte.dtype)[:, None] * MASKED
        x_NSE = latte.pos_embed(x_BFCHW.flatten(0, 1).to(latte.dtype))
        places_1FE = latte.temp_pos_embed[:, : frames[1]].to(latte.dtype)
        blocks = zip(latte.transformer_blocks, latte.temporal_transformer_blocks, strict=True)
        for index, (spatial, temporal) in enumerate(blocks):
            x_NSE = spatial(x_NSE, None, text_NLE, mask_N1L, time_NE6)
            x_BSFE = x_NSE.unflatten(0, frames).transpose(1, 2)
            x_BSFE = _over_time(temporal, x_BSFE + places_1FE if index == 0 else x_BSFE, time_NE6)
            x_NSE = x_BSFE.transpose(1, 2).flatten(0, 1)
        shift, scale = (latte.scale_shift_table + embedded_NE[:, None]).chunk(2, dim=1)
        x_NSE = latte.proj_out(latte.norm_out(x_NSE) * (1 + scale) + shift)
        return _from_patches(x_NSE, latte.config.patch_size, x_BFCHW)


def _over_time(block: Any, x_BSFE: Tensor, time_NE6: Tensor) -> Tensor:
    """Run a block that attends over the frames, each of them modulated by its own time."""
    num_batch, num_patches, num_frames, _ = x_BSFE.shape
    time_B1F6E = time_NE6.reshape(num_batch, 1, num_frames, 6, -1)
    shift, scale, gate, shift_ff, scale_ff, gate_ff = (block.scale_shift_table + time_B1F6E).unbind(3)
    seen = (block.norm1(x_BSFE) * (1 + scale) + shift).flatten(0, 1)
    x_BSFE = x_BSFE + gate * block.attn1(seen).unflatten(0, (num_batch, num_patches))
    out_BSFE: Tensor = x_BSFE + gate_ff * block.ff(block.norm2(x_BSFE) * (1 + scale_ff) + shift_ff)
    return out_BSFE


def _from_patches(x_NSE: Tensor, side: int, like_BFCHW: Tensor) -> Tensor:
    """Lay out what was predicted for patches of `side` x `side` cells as latents."""
    num_frames, height = like_BFCHW.shape[1], like_BFCHW.shape[3] // side
    pattern = "(b f) (h w) (p q c) -> b f c (h p) (w q)"
    return rearrange(x_NSE, pattern, f=num_frames, h=height, p=side, q=side)
