"""The forward of LTX-Video's transformer with a time and a text of its own for every latent (arXiv 2501.00103).

Shape suffixes: B batch, F latents, C channels, H and W latent height and width, L text tokens, D width of a text or of
the network, X several of them; S is the H * W cells of one latent, N is B * F.
"""

from typing import Any

import torch
from torch import Tensor

from fifo_live.models.common.per_frame_attention import attend_by_row
from fifo_live.models.common.per_frame_network import PerFrameNetwork
from fifo_live.models.common.text_encoder import split_mask

TRAINING_LEVELS = 1000
MASKED = -10000.0
"""What the network adds to the attention that padding would get."""


class PerFrameLTX(PerFrameNetwork):
    """Runs diffusers' `LTXVideoTransformer3DModel` through its public parts, every latent as a row of the batch.

    Its own forward takes one text for all latents, and a time for every cell, which takes several times the memory.

    Places are counted in seconds and pixels. `first_is_one_frame` says how: with it, as version 0.9.5 and later were
    trained, the first latent stands for one picture and the second one follows a picture later; without, all are alike.
    """

    def __init__(self, transformer: Any, fps: float, stride: tuple[int, int], *, first_is_one_frame: bool) -> None:
        super().__init__(transformer)
        self._fps = fps
        self._frames, self._pixels = stride
        self._first_is_one_frame = first_is_one_frame
        attend_by_row(transformer.transformer_blocks)

    def __call__(self, x_BFCHW: Tensor, t_BF: Tensor, cond_BF: Tensor) -> Tensor:
        """Return the prediction, (B, F, C, H, W), for conditionings whose padding is marked.

        Latents share a text where the conditionings are an expanded view, as the engine gives them.
        """
        net, sizes = self._network, (x_BFCHW.shape[1], *x_BFCHW.shape[3:])
        text_BFLD, mask_BFL = split_mask(cond_BF[:, :1] if cond_BF.stride(1) == 0 else cond_BF)
        bias_N1L = MASKED * (1 - mask_BFL.to(self.dtype)).flatten(0, 1)[:, None]
        text_NLD = net.caption_projection(text_BFLD.flatten(0, 1).to(self.dtype))
        cells_NSC = x_BFCHW.movedim(2, -1).flatten(2, 3).flatten(0, 1).to(self.dtype)
        times_NX, time_ND = net.time_embed(
            (t_BF * TRAINING_LEVELS).flatten(), batch_size=len(cells_NSC), hidden_dtype=self.dtype
        )
        rotation = net.rope(x_BFCHW[:1], **self._places(*sizes))
        states_NSD = net.proj_in(cells_NSC)
        for block in net.transformer_blocks:
            states_NSD = block(states_NSD, text_NLD, times_NX[:, None], rotation, bias_N1L)
        shift, scale = (net.scale_shift_table + time_ND[:, None]).chunk(2, 1)
        out_NSC: Tensor = net.proj_out(net.norm_out(states_NSD) * (1 + scale) + shift)
        return out_NSC.unflatten(1, sizes[1:]).movedim(-1, 1).unflatten(0, x_BFCHW.shape[:2])

    def _places(self, num_latents: int, height: int, width: int) -> dict[str, Any]:
        """Return where and when the cells are, in the two ways that the transformer takes it."""
        if not self._first_is_one_frame:
            scale = self._frames / self._fps, self._pixels, self._pixels
            sizes = {"num_frames": num_latents, "height": height, "width": width}
            return {**sizes, "rope_interpolation_scale": scale}
        frame = (torch.arange(num_latents, device=self.device) * self._frames + 1 - self._frames).clamp(min=0)
        row, column = (torch.arange(size, device=self.device) * self._pixels for size in (height, width))
        grid = torch.meshgrid(frame * (1 / self._fps), row.float(), column.float(), indexing="ij")
        return {"video_coords": torch.stack(grid).flatten(1)[None]}
