"""What holds the light of a shot."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from fifo_live.bundled.light import hold_light
from fifo_live.bundled.text_encoder import named_shares

TIMES = torch.tensor([[-0.5, 0.0, 0.25, 0.5, 1.0]])


def window() -> tuple[Tensor, Tensor]:
    """A sink, a clean frame and three noisier ones (B, F, C, H, W), and the flow to darker, duller pictures."""
    generator = torch.Generator().manual_seed(4)
    sink = torch.randn(1, 1, 3, 6, 8, generator=generator) + 2
    drawn = (0.5 * torch.randn(1, 5, 3, 6, 8, generator=generator)).index_fill(1, torch.tensor([0]), 0)
    drawn[:, :1] = sink
    noise = torch.randn(drawn.shape, generator=generator)
    t = TIMES.clamp(min=0)[:, :, None, None, None]
    return (1 - t) * drawn + t * noise, noise - drawn


def told(scene: str) -> Tensor:
    return named_shares(scene).expand(1, TIMES.shape[1], -1)


def pictures(x: Tensor, flow: Tensor) -> Tensor:
    return x - TIMES.clamp(min=0)[:, :, None, None, None] * flow


def test_rows_and_contrast_come_nearer_to_the_sink() -> None:
    """The pictures that the flow leads to have more of the sink's light; the noisier the frame, the less is changed."""
    x, flow = window()
    before, after = pictures(x, flow), pictures(x, hold_light(x, TIMES, told("sea"), flow))
    sink = x[:, :1]
    for frame, part in ((2, 0.075), (3, 0.05)):
        away = [(picture[:, frame] - sink[:, 0]).mean(3).abs().mean() for picture in (before, after)]
        assert float(away[1] / away[0]) == pytest.approx(1 - part, abs=0.02)
        spread = [picture[:, frame].std((2, 3)) for picture in (before, after)]
        assert bool((spread[0] < spread[1]).all()) and bool((spread[1] < sink[:, 0].std((2, 3))).all())


def test_every_height_has_its_own_contrast() -> None:
    """A second moon that has grown in the water fades, although sky and water together have the sink's contrast."""
    x, _ = window()
    sink = torch.zeros(3, 6, 8)
    sink[:, 0, 3] = 4.0  # a moon in the sky
    x[:, 0], x[:, 2:4] = sink, sink.flip(1)  # and one in the water instead
    after = pictures(x, hold_light(x, TIMES, told("sea"), 0 * x))
    for frame in (2, 3):
        before_rows, after_rows = x[0, frame].std(2), after[0, frame].std(2)
        assert bool((after_rows[:, -1] < before_rows[:, -1]).all())
        torch.testing.assert_close(after_rows[:, 1:-2], before_rows[:, 1:-2], atol=1e-5, rtol=0)


def test_clean_frames_and_pure_noise_stay() -> None:
    """The sink, the context and what still waits as noise keep their flow."""
    x, flow = window()
    held = hold_light(x, TIMES, told("sea"), flow)
    assert torch.equal(held[:, :2], flow[:, :2])
    torch.testing.assert_close(held[:, 4], flow[:, 4])


def test_without_a_sink_nothing_is_held() -> None:
    """At the start of a stream no frame could be a measure yet; each window of a batch is judged alone."""
    x, flow = window()
    without = TIMES.clamp(min=0.1)
    twice = torch.cat((x, x)), torch.cat((TIMES, without)), torch.cat((told("sea"),) * 2), torch.cat((flow, flow))
    held = hold_light(*twice)
    assert torch.equal(held[1:], flow)
    torch.testing.assert_close(held[:1], hold_light(x, TIMES, told("sea"), flow))


def test_what_has_the_sinks_light_is_left_alone() -> None:
    """A flow to a picture with the same rows and contrast is the same as before."""
    x, flow = window()
    x[:, 2:4] = x[:, :1].flip(4)
    held = hold_light(x, TIMES, told("sea"), 0 * flow)
    torch.testing.assert_close(held[:, 2:4], 0 * flow[:, 2:4], atol=1e-5, rtol=0)


@pytest.mark.parametrize("scene", ["fireworks", "fireworks+sea"])
def test_fireworks_may_light_up(scene: str) -> None:
    """Where there are fireworks, alone or above something, no light is held."""
    x, flow = window()
    torch.testing.assert_close(hold_light(x, TIMES, told(scene), flow), flow)
