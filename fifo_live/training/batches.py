"""Batches for the denoiser: windows mixed from drawn latents and noise, and windows that it has moved on itself.

A stream lives on what the network made, not on drawn frames: what it makes too slow, too soft or too pale it meets
again at every level. So it is also shown queues as it leaves them behind after some ticks, and learns the way from
there to the drawn frames: scheduled sampling (arXiv 1506.03099), as Self Forcing takes it to video (arXiv 2506.08009).
Shapes: B windows, F frames, C channels, H W latent size, E conditioning entries.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from fifo_live.bundled.unet import VideoUNet, with_sink_marked
from fifo_live.training.corruption import corrupt, restoring_flow
from fifo_live.training.levels import draw_times
from fifo_live.training.windows import LatentDataset

WINDOW_FRAMES = (10, 10, 10, 10, 10, 10, 10, 10, 9, 1, 2, 3, 4, 5, 6, 7, 8)
FULL_FRAMES = 10  # the batch is counted in windows of so many; of shorter ones it holds more, so all cost the same
LEVELS = FULL_FRAMES - 2  # behind a sink and a clean frame of context
CORRUPTED_WEIGHT = 0.3  # their errors are large, and would drown the detail of the others
ROLLED = 0.6  # share of full windows that the network has made ticks of itself
TICKS = (1, 1, 1, 2, 2, 3, 4, 5, 6, 7)  # as many as the clips have frames for
CONTEXT_NOISE = 0.08  # context frames of a real stream are not perfect
PULL = 4.0  # largest part of its own error that one unit of time takes back


@dataclass(frozen=True)
class ClipSpan:
    """Latents of clips (B, F, C, H, W), sinks (B, C, H, W), conditionings (B, F, E), frames to train on (B, F)."""

    x0: Tensor
    sink: Tensor
    cond: Tensor
    trained_BF: Tensor
    ticks: int = 0  # that the network makes before the training step


@dataclass(frozen=True)
class Batch:
    """What the network sees (B, F, C, H, W), times (B, F) and conditionings, the right flow, and its weight (B, F)."""

    x: Tensor
    t_BF: Tensor
    cond: Tensor
    flow: Tensor
    weight_BF: Tensor


def draw_span(dataset: LatentDataset, batch: int, generator: torch.Generator) -> ClipSpan:
    """Draw `batch` full windows, some of them with latents for ticks to be made, or more of a shorter length."""
    num_frames = WINDOW_FRAMES[int(torch.randint(len(WINDOW_FRAMES), (1,), generator=generator))]
    ticks = 0
    if num_frames == FULL_FRAMES and torch.rand(1, generator=generator) < ROLLED:
        drawn = TICKS[int(torch.randint(len(TICKS), (1,), generator=generator))]
        ticks = min(drawn, dataset.clip_frames - LEVELS - 1)
    length = LEVELS + 1 + ticks if ticks else num_frames
    windows = [dataset.window(length, generator) for _ in range(batch * FULL_FRAMES // num_frames)]
    latents, conds, sinks, trained = (torch.stack(parts) for parts in zip(*windows, strict=True))
    return ClipSpan(latents, sinks, conds, trained, ticks)


def mix(span: ClipSpan, noise: Tensor, generator: torch.Generator) -> Batch:
    """Mix latents and noise at times drawn for them; what begins clean begins with a sink, some is corrupted."""
    x0 = span.x0.clone()
    t_BF = draw_times(x0.shape[0], x0.shape[1], generator)
    behind_B = t_BF[:, 0] == 0
    x0[behind_B, 0] = span.sink[behind_B]
    t_BF = with_sink_marked(t_BF)
    t = t_BF.clamp(min=0)[:, :, None, None, None]
    error = corrupt(x0, t_BF, generator)
    x = (1 - t) * (x0 + error) + torch.where(t == 0, _jitter(len(x0), generator), t) * noise
    corrupted_BF = error.abs().amax((2, 3, 4)) > 0
    weight_BF = ((t_BF > 0) & span.trained_BF) * torch.where(corrupted_BF, CORRUPTED_WEIGHT, balance(t_BF))
    return Batch(x, t_BF, span.cond, noise - x0 + restoring_flow(error, t), weight_BF)


def _jitter(batch: int, generator: torch.Generator) -> Tensor:
    return CONTEXT_NOISE * torch.rand(batch, 1, 1, 1, 1, generator=generator)


def take_ticks(model: VideoUNet, span: ClipSpan, noise: Tensor, generator: torch.Generator) -> Batch:
    """Let the network make the ticks of a stretch, and return the window that they lead to.

    The latents are the clean context and the queue before the first tick, and those that are born with each tick.
    """
    x0, cond, sink, ticks = span.x0, span.cond, span.sink[:, None], span.ticks
    size = LEVELS + 1  # of the clean context and the queue
    t_F = torch.arange(size) / LEVELS
    t_BF = with_sink_marked(torch.cat((torch.zeros(1), t_F)).expand(len(x0), -1))
    t = t_F[:, None, None, None]
    t_or_jitter = torch.where(t == 0, _jitter(len(x0), generator), t)
    x = torch.cat((sink, (1 - t) * x0[:, :size] + t_or_jitter * noise[:, :size]), dim=1)
    for tick in range(ticks):
        cond_BFE = torch.cat((cond[:, :1], cond[:, tick : tick + size]), dim=1)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            flow = model(x, t_BF, cond_BFE).float()
        born = noise[:, size + tick : size + tick + 1]
        x = torch.cat((sink, x[:, 2:] - flow[:, 2:] / LEVELS, born), dim=1)
    drawn, noise = x0[:, ticks:], noise[:, ticks:]
    error = x[:, 1:] - (1 - t) * drawn - t * noise
    flow = noise - drawn + error * (1 / t).clamp(max=PULL)
    weight_BF = span.trained_BF[:, ticks:] * (t_F > 0) * balance(t_F)

    def behind_sink(part: Tensor, first: Tensor) -> Tensor:
        return torch.cat((first, part), dim=1)

    cond = behind_sink(cond[:, ticks:], cond[:, :1])
    return Batch(x, t_BF, cond, behind_sink(flow, 0 * sink), behind_sink(weight_BF, torch.zeros(len(x0), 1)))


def balance(t_BF: Tensor) -> Tensor:
    """Weight times about inversely to their loss, so that the grain of nearly clean frames does not drown the rest.

    (The idea is that of the learnt weighting of arXiv 2312.02696, section 2.)
    """
    return (0.3 + 2.8 * t_BF.clamp(min=0)).clamp(max=1.0)
