"""The forward of the UNets that were made from image UNets, with a time and a text of its own for every frame.

Shape suffixes: B batch, F frames, C channels, H and W height and width, L text tokens, D text width; N is B * F.
"""

from typing import Any

import torch
from torch import Tensor, nn

from fifo_live.models.common.per_frame_network import PerFrameNetwork


class PerFrameUNet(PerFrameNetwork):
    """Runs diffusers' `UNet3DConditionModel` or `UNetMotionModel` through its public parts.

    Their own forwards repeat one time and one text over all frames; with the same for each frame this is the same.
    """

    def __call__(self, x_BFCHW: Tensor, t_BF: Tensor, cond_BF: Tensor) -> Tensor:
        """Return the prediction, (B, F, C, H, W), in the network's own number format."""
        unet, num_frames = self._network, x_BFCHW.shape[1]
        emb = unet.time_embedding(unet.time_proj(t_BF.flatten()).to(unet.dtype))
        text = cond_BF.flatten(0, 1).to(unet.dtype)
        x = unet.conv_in(x_BFCHW.flatten(0, 1).to(unet.dtype))
        if hasattr(unet, "transformer_in"):
            x = unet.transformer_in(x, num_frames=num_frames, return_dict=False)[0]
        skips: tuple[Tensor, ...] = (x,)
        for block in unet.down_blocks:
            x, residuals = block(hidden_states=x, temb=emb, num_frames=num_frames, **_text(block, text))
            skips += residuals
        x = unet.mid_block(x, emb, encoder_hidden_states=text, **_num_frames(unet.mid_block, num_frames))
        for block in unet.up_blocks:
            taken = len(block.resnets)
            residuals, skips = skips[-taken:], skips[:-taken]
            size = _upsample_size(unet, x_BFCHW, skips)
            x = block(
                hidden_states=x,
                temb=emb,
                res_hidden_states_tuple=residuals,
                upsample_size=size,
                num_frames=num_frames,
                **_text(block, text),
            )
        if unet.conv_norm_out is not None:
            x = unet.conv_act(unet.conv_norm_out(x))
        out: Tensor = unet.conv_out(x).unflatten(0, x_BFCHW.shape[:2])
        return out


def _text(block: nn.Module, text: Tensor) -> dict[str, Tensor]:
    return {"encoder_hidden_states": text} if getattr(block, "has_cross_attention", False) else {}


def _num_frames(block: nn.Module, num_frames: int) -> dict[str, int]:
    """Tell a middle block the number of frames, unless it is an image model's own (AnimateDiff's first and third)."""
    return {"num_frames": num_frames} if hasattr(block, "temp_convs") or hasattr(block, "motion_modules") else {}


def _upsample_size(unet: Any, x_BFCHW: Tensor, skips: tuple[Tensor, ...]) -> torch.Size | None:
    """Return the size that an upsampling block has to reach, where doubling alone would not hit it."""
    if not skips or all(side % 2**unet.num_upsamplers == 0 for side in x_BFCHW.shape[-2:]):
        return None
    return skips[-1].shape[2:]
