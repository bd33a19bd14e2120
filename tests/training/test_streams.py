"""Streams of the training go the way of the engine's: the same windows, the same times, the same sink."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
import torch
from torch import Tensor

from fifo_live.bundled.text_encoder import ENTRIES
from fifo_live.bundled.unet import SINK_TIME, VideoUNet
from fifo_live.bundled.weights import FOLDER, load_model
from fifo_live.config import Config
from fifo_live.models.loading import load_denoiser
from fifo_live.training.scenes import SCENES
from fifo_live.training.streams import Streams

LATENT = (2, 5, 9)


def noise(num_frames: int) -> Tensor:
    return torch.randn(3, num_frames, *LATENT)


def cut() -> Streams:
    torch.manual_seed(0)
    return Streams((0, 1, 2), torch.zeros(3, ENTRIES), noise(1), end=99)


def standing(x: Tensor, t_BF: Tensor, cond_BFE: Tensor) -> Tensor:
    """A network that sees a flow of nothing."""
    return torch.zeros_like(x)


def aged(age: int) -> Streams:
    streams = cut()
    for _ in range(age):
        streams = streams.moved(streams.tick(cast(VideoUNet, standing))[1], noise(1))
    return streams


@pytest.mark.parametrize(
    ("age", "times"),
    [
        (0, [8]),
        (3, [5, 6, 7, 8]),
        (7, [1, 2, 3, 4, 5, 6, 7, 8]),
        (8, [SINK_TIME * 8, 1, 2, 3, 4, 5, 6, 7, 8]),
        (9, [SINK_TIME * 8, 0, 1, 2, 3, 4, 5, 6, 7, 8]),
        (30, [SINK_TIME * 8, 0, 1, 2, 3, 4, 5, 6, 7, 8]),
    ],
)
def test_a_shot_grows_and_then_stays_behind_its_sink(age: int, times: list[float]) -> None:
    """The window has a latent more with every tick, up to a sink, a clean frame and a queue of eight."""
    streams = aged(age)
    assert (8 * streams.t_F).tolist() == times
    assert streams.x.shape[1] == len(times)


def test_the_first_latent_of_a_shot_stays_its_sink() -> None:
    """Whatever the age, the sink is the latent that the shot began with, once clean."""
    first = aged(8)
    later = replace(first)
    for _ in range(20):
        later = later.moved(later.tick(cast(VideoUNet, standing))[1], noise(1))
    assert torch.equal(first.x[:, 0], later.x[:, 0])
    assert not torch.equal(first.x[:, 1], later.x[:, 1])


def test_clean_latents_are_not_moved() -> None:
    """A tick moves what has noise in it, by an eighth of what the network says, and nothing else."""
    streams = aged(12)
    free = streams.cond_BE.clone()
    free[:, tuple(SCENES).index("fireworks")] = 1  # whose light nothing holds
    flow, moved = replace(streams, cond_BE=free).tick(cast(VideoUNet, lambda x, t_BF, cond_BFE: torch.ones_like(x)))
    assert torch.equal(moved[:, :2], streams.x[:, :2])
    assert torch.allclose(streams.x[:, 2:] - moved[:, 2:], flow[:, 2:] / 8, atol=1e-6)
    assert (8 * streams.moved_t_F).tolist() == [SINK_TIME * 8, 0, 0, 1, 2, 3, 4, 5, 6, 7]


def test_a_stream_of_the_training_is_a_stream_of_the_engine() -> None:
    """The engine's model, given the same window, moves it as the training does, but for the rounding of bf16."""
    model, denoiser = load_model(FOLDER), load_denoiser(Config())
    torch.manual_seed(1)
    cond_BE = denoiser.encode_prompts(["a calm blue sea"])
    streams = Streams((0,), cond_BE, torch.randn(1, 1, *model.geometry.latent_shape), end=99)
    for _ in range(11):
        moved = streams.tick(model.denoiser)[1].detach()
        times_BF = streams.t_F.clamp(min=0)[None]
        cond_BFE = cond_BE[:, None].expand(-1, times_BF.shape[1], -1)
        own = streams.x - denoiser.denoise(streams.x, times_BF, cond_BFE) * (times_BF > 0)[:, :, None, None, None] / 8
        assert torch.allclose(moved, own, atol=0.05)
        streams = streams.moved(moved, torch.randn(1, 1, *model.geometry.latent_shape))
