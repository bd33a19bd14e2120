"""Tests of what the studio knows and tells, without a worker."""

import asyncio
from typing import Any

import pytest

from fifo_live.config import Config
from fifo_live.link.messages import Accepted, CueRecord, EngineStats, Ready
from fifo_live.protocol.answers import OnAir
from fifo_live.protocol.cues import WeightedPrompt
from server.control.events import FirstFrame
from server.stream import StreamService
from tests.fake_worker import Settings, model_info
from tests.server.media.frames import make_frame

INFO = model_info(Settings(fps=20.0, frames_per_latent=4))


@pytest.fixture
def studio() -> StreamService:
    studio = StreamService(Config())
    # Without a worker there is nobody whose credit could be given back.
    studio.source._credit = lambda frames: None
    studio._on_notice(Ready(info=INFO))
    return studio


def make_stats(generated_fps: float) -> EngineStats:
    zero: dict[str, Any] = dict.fromkeys(("tick_ms", "denoiser_ms", "decode_ms", "rss_mb", "device_mb"), 0.0)
    return EngineStats(tick=1, frames=1, generated_fps=generated_fps, **zero)


def accept(studio: StreamService, cue: int, visible_frame: int) -> None:
    record = CueRecord(cue=cue, start=visible_frame, transition=0, prompts=[WeightedPrompt(text="fire")])
    studio._on_notice(Accepted(request=1, cue=record, enters_frame=0, visible_frame=visible_frame))


def show(studio: StreamService, index: int, cue: int = 0) -> None:
    studio._on_frame(make_frame(index, cue=cue))
    now_s = asyncio.get_running_loop().time()
    studio.pacer.step(now_s, now_s)


async def test_the_model_sets_rate_and_bounds(studio: StreamService) -> None:
    """The model's rate is taken unless another is configured, and the first cue is its default prompt."""
    assert (studio.pacer.fps, studio.source.bound) == (20.0, 2 * (4 + 4))
    (cue,) = studio.cues
    assert (cue.cue, cue.prompts[0].text) == (0, INFO.default_prompt)


async def test_the_time_until_a_frame_follows_the_slower_of_both_rates(studio: StreamService) -> None:
    """An engine faster than the stream is held to the stream's rate, a slower one to its own."""
    assert studio.eta_s(19) == pytest.approx(1.0)
    studio._on_notice(make_stats(100.0))
    assert studio.eta_s(19) == pytest.approx(1.0)
    studio._on_notice(make_stats(5.0))
    assert studio.eta_s(19) == pytest.approx(4.0)
    show(studio, 18)
    assert studio.eta_s(19) == pytest.approx(0.2)
    assert studio.eta_s(3) == 0.0


async def test_listeners_hear_of_frames_and_cues(studio: StreamService) -> None:
    """The first frame, and each cue when its first frame is shown."""
    heard: list[object] = []
    studio.listen(heard.append)
    accept(studio, 1, 2)
    for index in range(4):
        show(studio, index, cue=int(index >= 2))
    told = [notice for notice in heard if isinstance(notice, OnAir | FirstFrame)]
    assert told == [FirstFrame(0), OnAir(cue=0, frame=0), OnAir(cue=1, frame=2)]
    assert abs(studio.last_eta_error_s) < 1.0


async def test_stopping_twice_is_stopping_once(studio: StreamService) -> None:
    """Also without having been started."""
    await studio.stop()
    await studio.stop()
