"""Batches of the denoiser: mixtures at drawn times, and windows that it has moved on itself."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
import torch
from torch import Tensor

from fifo_live.bundled.unet import SINK_TIME, VideoUNet
from fifo_live.training.batches import FULL_FRAMES, PULL, ClipSpan, mix, take_ticks

BATCH = 3


@pytest.fixture
def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


@pytest.fixture
def span(generator: torch.Generator) -> ClipSpan:
    x0 = torch.randn(BATCH, FULL_FRAMES, 2, 5, 9, generator=generator)
    sink = torch.randn(BATCH, 2, 5, 9, generator=generator)
    return ClipSpan(x0, sink, torch.zeros(BATCH, FULL_FRAMES, 4), torch.ones(BATCH, FULL_FRAMES, dtype=torch.bool))


def network(flow: Tensor) -> VideoUNet:
    """One that answers with the same flow whatever it sees."""
    return cast(VideoUNet, lambda x, t_BF, cond_BFE: flow)


def test_clean_frames_are_shown_and_not_learnt(span: ClipSpan, generator: torch.Generator) -> None:
    """Frames without noise weigh nothing; all others weigh something, at most one."""
    for _ in range(30):
        batch = mix(span, torch.randn(span.x0.shape, generator=generator), generator)
        assert torch.equal(batch.weight_BF > 0, batch.t_BF > 0)
        assert float(batch.weight_BF.max()) <= 1


def test_what_begins_clean_begins_with_the_sink(span: ClipSpan, generator: torch.Generator) -> None:
    """The first latent of such a window is the sink, of another the clip's own; some are corrupted a lot."""
    found: list[bool] = []
    for _ in range(30):
        batch = mix(span, torch.zeros(span.x0.shape), generator)
        for row in range(BATCH):
            first, begins_clean = batch.x[row, 0], bool(batch.t_BF[row, 0] == SINK_TIME)
            to_sink = torch.nn.functional.cosine_similarity(first.flatten(), span.sink[row].flatten(), 0)
            to_clip = torch.nn.functional.cosine_similarity(first.flatten(), span.x0[row, 0].flatten(), 0)
            if first.any():
                found.append(bool(to_sink > to_clip) == begins_clean)
    assert sum(found) > 0.85 * len(found) > 30


def rolled(span: ClipSpan, ticks: int, generator: torch.Generator) -> ClipSpan:
    """The stretch with latents for so many ticks."""
    x0 = torch.randn(BATCH, FULL_FRAMES - 1 + ticks, 2, 5, 9, generator=generator)
    cond, trained_BF = torch.zeros(BATCH, x0.shape[1], 4), torch.ones(BATCH, x0.shape[1], dtype=torch.bool)
    return replace(span, x0=x0, cond=cond, trained_BF=trained_BF, ticks=ticks)


class Perfect:
    """A network that knows the drawn latents and the noise, and counts its ticks."""

    def __init__(self, flow: Tensor) -> None:
        self.flow, self.tick = flow, 0

    def __call__(self, x: Tensor, t_BF: Tensor, cond_BFE: Tensor) -> Tensor:
        self.tick += 1
        queue = self.flow[:, self.tick - 1 : self.tick - 2 + FULL_FRAMES]
        return torch.cat((torch.zeros_like(queue[:, :1]), queue), dim=1)


@pytest.mark.parametrize("ticks", [1, 3])
def test_perfect_ticks_leave_what_would_have_been_mixed(span: ClipSpan, ticks: int, generator: torch.Generator) -> None:
    """Behind a network without faults the last window holds each drawn latent at its new time."""
    span = rolled(span, ticks, generator)
    noise = torch.randn(span.x0.shape, generator=generator)
    perfect = Perfect(noise - span.x0)
    batch = take_ticks(cast(VideoUNet, perfect), span, noise, generator)
    t = batch.t_BF.clamp(min=0)[:, 1:, None, None, None]
    drawn, noise = span.x0[:, ticks:], noise[:, ticks:]
    assert perfect.tick == ticks
    assert torch.allclose(batch.x[:, 1:], (1 - t) * drawn + t * noise, atol=1e-5)
    assert torch.allclose(batch.flow[:, 1:], noise - drawn, atol=1e-4)
    assert torch.equal(batch.x[:, 0], span.sink)
    assert torch.equal(batch.weight_BF > 0, batch.t_BF > 0)


def test_the_right_flow_leads_from_an_error_to_the_drawn_latent(span: ClipSpan, generator: torch.Generator) -> None:
    """After a tick of a network that does nothing, the flow ends at the drawn latent, where the time left allows it."""
    span = rolled(span, 1, generator)
    noise = torch.randn(span.x0.shape, generator=generator)
    batch = take_ticks(network(torch.zeros_like(noise)), span, noise, generator)
    t = batch.t_BF.clamp(min=0)[:, :, None, None, None]
    enough_F = batch.t_BF[0] >= 1 / PULL
    ends = (batch.x - t * batch.flow)[:, enough_F]
    assert int(enough_F.sum()) == 7
    assert torch.allclose(ends, span.x0[:, 1:][:, enough_F[1:]], atol=1e-4)
