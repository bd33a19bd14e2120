"""Attention over frames that knows how far apart two frames are (Shaw et al., arXiv 1803.02155).

Shape suffixes: N places in the picture, F and G frames (as query and as key), H heads, D width of a head, R distances.
"""

from typing import Any

import torch
from torch import Tensor, nn


class RelativeAttention(nn.Module):
    """What diffusers calls an attention processor; distances beyond the tables count as their farthest."""

    def __init__(self, farthest: int, head_width: int) -> None:
        super().__init__()
        self.keys_RD = nn.Parameter(torch.empty(2 * farthest + 1, head_width))
        self.values_RD = nn.Parameter(torch.empty(2 * farthest + 1, head_width))

    def forward(self, attn: Any, hidden_states: Tensor, *_: Any, **__: Any) -> Tensor:
        """Return each frame's view of all frames: (N, F, H * D); `attn` is the diffusers `Attention` it belongs to."""
        q_NHFD, k_NHGD, v_NHGD = (
            project(hidden_states).unflatten(-1, (attn.heads, -1)).transpose(1, 2)
            for project in (attn.to_q, attn.to_k, attn.to_v)
        )
        near_FG = self._distances(hidden_states.shape[1])
        scores = q_NHFD @ k_NHGD.mT + torch.einsum("nhfd,fgd->nhfg", q_NHFD, self.keys_RD[near_FG])
        weights_NHFG = (scores * attn.scale).softmax(-1)
        seen = weights_NHFG @ v_NHGD + torch.einsum("nhfg,fgd->nhfd", weights_NHFG, self.values_RD[near_FG])
        out: Tensor = attn.to_out[0](seen.transpose(1, 2).flatten(2))
        return out

    def _distances(self, num_frames: int) -> Tensor:
        """Return the row of the tables for each pair of frames: (F, G)."""
        farthest = len(self.keys_RD) // 2
        frames = torch.arange(num_frames, device=self.keys_RD.device)
        return (frames[None] - frames[:, None]).clamp(-farthest, farthest) + farthest
