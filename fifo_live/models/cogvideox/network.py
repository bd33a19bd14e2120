"""The forward of CogVideoX's transformer with a time and a text of its own for every latent (arXiv 2408.06072).

Its text tokens pass through the network together with the latents' cells: they are moved by the time, and look at all
cells. Here every latent brings its text along. Latent and text share their time, the text looks at itself and at all
cells, the latent's cells look at all cells and at their own text alone. Where all latents share time and text, all
copies of the text are alike, and each is what the one text of the stock forward is.

Shape suffixes: B batch, F latents, C channels, H and W latent height and width, L text tokens, D a width; N is B * F,
S the cells of one latent, h attention heads.
"""

from typing import Any

import diffusers
import torch
from einops import rearrange
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from fifo_live.models.common.per_frame_network import PerFrameNetwork

Rotation = tuple[Tensor, Tensor]


class PerFrameCogVideoX(PerFrameNetwork):
    """Runs diffusers' `CogVideoXTransformer3DModel` through its public parts, every latent as a row of the batch."""

    def __init__(self, transformer: Any) -> None:
        super().__init__(transformer)
        transformer.set_attn_processor(AcrossLatents())

    def __call__(self, x_BFCHW: Tensor, t_BF: Tensor, cond_BF: Tensor) -> Tensor:
        """Return the prediction, (B, F, C, H, W)."""
        net, patch = self._network, self._network.config.patch_size
        num_latents, height, width = x_BFCHW.shape[1], x_BFCHW.shape[3] // patch, x_BFCHW.shape[4] // patch
        text_BFLD = cond_BF.to(self.dtype)
        emb_ND = net.time_embedding(net.time_proj(t_BF.flatten()).to(self.dtype))
        joined = net.patch_embed(text_BFLD[:, 0], x_BFCHW.to(self.dtype))
        cells_NSD = joined[:, text_BFLD.shape[2] :].reshape(len(emb_ND), height * width, -1)
        text_NLD = net.patch_embed.text_proj(text_BFLD.flatten(0, 1))
        rotation = self._rotation(num_latents, height, width)
        for block in net.transformer_blocks:
            cells_NSD, text_NLD = block(cells_NSD, text_NLD, emb_ND, rotation, {"num_latents": num_latents})
        out_NSD = net.proj_out(net.norm_out(net.norm_final(cells_NSD), temb=emb_ND))
        pattern = "(b f) (h w) (c p q) -> b f c (h p) (w q)"
        return rearrange(out_NSD, pattern, f=num_latents, h=height, p=patch, q=patch)

    def _rotation(self, num_latents: int, height: int, width: int) -> Rotation | None:
        """Return the places of the cells as the 5B model takes them; the 2B model adds its own to the patches."""
        config = self._network.config
        if not config.use_rotary_positional_embeddings:
            return None
        trained = config.sample_width // config.patch_size, config.sample_height // config.patch_size
        pipeline: Any = diffusers.pipelines.cogvideo.pipeline_cogvideox
        region = pipeline.get_resize_crop_region_for_grid((height, width), *trained)
        rotation: Rotation = pipeline.get_3d_rotary_pos_embed(
            config.attention_head_dim, region, (height, width), num_latents, device=self.device
        )
        return rotation


class AcrossLatents:
    """Joint attention: latents and their texts are rows of the batch, the cells of all latents are seen by each row."""

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor,
        attention_mask: None = None,
        image_rotary_emb: Rotation | None = None,
        num_latents: int = 1,
    ) -> tuple[Tensor, Tensor]:
        """Return the attention's output for cells and texts: (N, S, D) and (N, L, D)."""
        num_tokens = encoder_hidden_states.shape[1]
        rows_NTD = torch.cat([encoder_hidden_states, hidden_states], 1)
        query, key, value = (
            project(rows_NTD).unflatten(-1, (attn.heads, -1)) for project in (attn.to_q, attn.to_k, attn.to_v)
        )
        query, key = (query, key) if attn.norm_q is None else (attn.norm_q(query), attn.norm_k(key))
        # Each becomes (B, F, h, L, D) for the texts, and (B, h, F * S, D) for the cells.
        texts, cells = zip(*(_split(states, num_tokens, num_latents) for states in (query, key, value)), strict=True)
        query, key, value = cells
        if image_rotary_emb is not None:
            embeddings: Any = diffusers.models.embeddings
            query, key = (embeddings.apply_rotary_emb(states, image_rotary_emb) for states in (query, key))
        rows = [
            scaled_dot_product_attention(
                torch.cat([texts[0][:, f], own], 2),
                torch.cat([texts[1][:, f], key], 2),
                torch.cat([texts[2][:, f], value], 2),
            )
            for f, own in enumerate(query.chunk(num_latents, 2))
        ]
        out_NTD = torch.stack(rows, 1).transpose(2, 3).reshape(rows_NTD.shape[:2] + (-1,))
        out_NTD = attn.to_out[0](out_NTD)
        return out_NTD[:, num_tokens:], out_NTD[:, :num_tokens]


def _split(states_NThD: Tensor, num_tokens: int, num_latents: int) -> tuple[Tensor, Tensor]:
    states = states_NThD.unflatten(0, (-1, num_latents))
    return states[:, :, :num_tokens].transpose(2, 3), states[:, :, num_tokens:].flatten(1, 2).transpose(1, 2)
