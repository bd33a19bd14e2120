"""The light of a shot, held at what it was in the shot's sink.

A stream lives on its own frames, so the smallest bias of the network adds up: within a minute the foot of a sea grows
dark. Here every tick takes a part of that back. Pictures lie in layers by height (sky, horizon, land), so it is the
mean of each row that is held, and the contrast of the whole. Fireworks are free: their light is meant to come and go.
Shapes: B windows, F frames, C channels, H W latent size, E conditioning entries.
"""

from __future__ import annotations

import torch
from torch import Tensor

from fifo_live.bundled.scenes import SCENES

HOLD = 0.1  # the part of the difference that a tick takes back; less in noisier frames, whose pictures are vague
FREE = tuple(SCENES).index("fireworks")  # its entry in the conditioning


def hold_light(x_BFCHW: Tensor, t_BF: Tensor, cond_BFE: Tensor, flow_BFCHW: Tensor) -> Tensor:
    """Return the flow to pictures a little nearer in light to their sink: the first frame, where its time is < 0.

    Windows without a sink, and frames that are clean already, keep their flow.
    """
    t = t_BF[:, :, None, None, None]
    moves = (t > 0) & (t[:, :1] < 0)
    t = t.clamp(min=1e-3)
    picture, sink = x_BFCHW - t * flow_BFCHW, x_BFCHW[:, :1]
    steady_BF = (1 - 2 * cond_BFE[:, :, FREE]).clamp(0, 1)  # each scene of a combination has half a share
    part = HOLD * (1 - t) * steady_BF[:, :, None, None, None]
    mean = picture.mean((3, 4), keepdim=True)
    contrast = _spread(sink) / _spread(picture)
    held = (picture - mean) * contrast**part + mean
    held = held + part * (sink - held).mean(4, keepdim=True)
    return torch.where(moves, (x_BFCHW - held) / t, flow_BFCHW)


def _spread(x_BFCHW: Tensor) -> Tensor:
    return x_BFCHW.std((3, 4), keepdim=True).clamp(min=1e-3)
