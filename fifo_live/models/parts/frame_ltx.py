"""The forward of LTX-Video's transformer with a time and a text of its own for every latent (arXiv 2501.00103).

Shape suffixes: B batch, F latents, C channels, H and W latent height and width, L text tokens, D width of a text or of
the network; S is the sequence of F * H * W cells, N is B * F texts.
"""

from typing import Any

import torch
from torch import Tensor

from fifo_live.models.parts.frame_network import FrameNetwork
from fifo_live.models.parts.text import split_mask

TRAINING_LEVELS = 1000
MASKED = -10000.0
"""What the network adds to the attention that padding would get."""


class FrameLTX(FrameNetwork):
    """Runs diffusers' `LTXVideoTransformer3DModel`, which takes a time for every cell but one text for all.

    Places are counted in seconds and pixels. `first_is_one_frame` says how: with it, as version 0.9.5 and later were
    trained, the first latent stands for one picture and the second one follows a picture later; without, all are alike.
    """

    def __init__(self, transformer: Any, fps: float, stride: tuple[int, int], *, first_is_one_frame: bool) -> None:
        super().__init__(transformer)
        self._fps = fps
        self._frames, self._pixels = stride
        self._first_is_one_frame = first_is_one_frame
        for block in transformer.transformer_blocks:
            block.attn2.set_processor(OwnText(block.attn2.processor))

    def __call__(self, x_BFCHW: Tensor, t_BF: Tensor, cond_BF: Tensor) -> Tensor:
        """Return the prediction, (B, F, C, H, W), for conditionings whose padding is marked.

        Latents share a text where the conditionings are an expanded view, as the engine gives them.
        """
        sizes = x_BFCHW.shape[1], *x_BFCHW.shape[3:]
        text_BFLD, mask_BFL = split_mask(cond_BF[:, :1] if cond_BF.stride(1) == 0 else cond_BF)
        bias_BFL = MASKED * (1 - mask_BFL.to(self.dtype))
        out_BSC: Tensor = self._network(
            hidden_states=x_BFCHW.movedim(2, -1).flatten(1, 3).to(self.dtype),
            encoder_hidden_states=text_BFLD.flatten(0, 1).to(self.dtype),
            timestep=(t_BF * TRAINING_LEVELS).repeat_interleave(sizes[1] * sizes[2], 1),
            encoder_attention_mask=bias_BFL.flatten(0, 1)[:, None],
            return_dict=False,
            **self._places(*sizes),
        )[0]
        return out_BSC.unflatten(1, sizes).movedim(-1, 2)

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


class OwnText:
    """Cross-attention in which the cells of a latent see that latent's text: the mask is (N, 1, L), so it tells N.

    With one text for all latents N is B.
    """

    def __init__(self, processor: Any) -> None:
        self._processor = processor

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor,
        attention_mask: Tensor,
        image_rotary_emb: None = None,
    ) -> Tensor:
        """Return what the stock processor gives for every latent by itself, as one sequence again: (B, S, D)."""
        cells, texts = (
            states.reshape(len(attention_mask), -1, states.shape[-1])
            for states in (hidden_states, encoder_hidden_states)
        )
        out: Tensor = self._processor(attn, cells, texts, attention_mask, image_rotary_emb)
        return out.reshape(hidden_states.shape)
