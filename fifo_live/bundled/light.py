"""The light of a shot, held at what it was in the shot's sink.

A stream lives on its own frames, so the smallest bias of the network adds up: within a minute the foot of a sea grows
dark, and a moon's reflection becomes a second moon. Here every tick takes a part of that back. Pictures lie in layers
by height (sky, horizon, land), so it is the mean and the contrast of each row that are held. Fireworks are free: their
light is meant to come and go.
Shapes: B windows, F frames, C channels, H W latent size, E conditioning entries.
"""

from __future__ import annotations

import torch
import torch.nn.functional as nnf
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
    pictures, sink = x_BFCHW - t * flow_BFCHW, x_BFCHW[:, :1]
    steady_BF = (1 - 2 * cond_BFE[:, :, FREE]).clamp(0, 1)  # each scene of a combination has half a share
    part = HOLD * (1 - t) * steady_BF[:, :, None, None, None]
    means, sink_means = pictures.mean(4, keepdim=True), sink.mean(4, keepdim=True)
    contrast = _spread(sink - sink_means) / _spread(pictures - means)
    held = (pictures - means) * contrast**part + torch.lerp(means, sink_means, part)
    return torch.where(moves, (x_BFCHW - held) / t, flow_BFCHW)


def _spread(x_BFCHW: Tensor) -> Tensor:
    """Return the standard deviation of each row and the ones above and below it, given differences from the means."""
    variances_BFCH1 = x_BFCHW.square().mean(4, keepdim=True).flatten(0, 1)
    near = nnf.avg_pool2d(variances_BFCH1, (3, 1), 1, (1, 0), count_include_pad=False)
    return near.view(*x_BFCHW.shape[:4], 1).sqrt().clamp(min=1e-3)
