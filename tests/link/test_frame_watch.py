"""Tests of how long a frame may stay away."""

import asyncio

import pytest

from fifo_live.link.frame_watch import Pulse
from tests.link.manual_loop import ManualLoop


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> ManualLoop:
    loop = ManualLoop()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    return loop


def make_pulse(loop: ManualLoop, stalls: list[float], frames_per_tick: int = 1) -> Pulse:
    pulse = Pulse(2.0, lambda: stalls.append(loop.time()))
    pulse.begin(frames_per_tick)
    return pulse


def test_a_quick_stream_stalls_after_two_seconds(loop: ManualLoop) -> None:
    """With sixteen frames a second nothing is usual that would excuse more."""
    stalls: list[float] = []
    pulse = make_pulse(loop, stalls)
    for _ in range(50):
        pulse.beat()
        loop.turn(1 / 16)
    assert stalls == []
    loop.turn(2.5)
    assert len(stalls) == 1


def test_a_slow_stream_has_more_time(loop: ManualLoop) -> None:
    """Bursts of eight frames every five seconds are no stall; twice as long without one is."""
    stalls: list[float] = []
    pulse = make_pulse(loop, stalls, frames_per_tick=8)
    pulse.beat()
    loop.turn(5.0)
    stalls.clear()  # While the queue fills, nobody listens yet.
    for _ in range(10):
        for _ in range(8):
            pulse.beat()
        loop.turn(5.0)
    assert stalls == []
    loop.turn(5.5)
    assert len(stalls) == 1


def test_the_first_frames_are_judged_by_the_ticks_before_them(loop: ManualLoop) -> None:
    """While the queue fills, ticks tell how long a frame will take, also one of several ticks."""
    pulse = make_pulse(loop, [])
    for _ in range(5):
        pulse.beat(ticks=4)
        loop.turn(1.0)
    assert pulse.limit_s == 8.0


def test_a_hiccup_is_forgotten(loop: ManualLoop) -> None:
    """One long gap does not excuse later ones for ever."""
    pulse = make_pulse(loop, [])
    pulse.beat()
    loop.turn(1.9)
    for _ in range(10):
        pulse.beat()
        loop.turn(0.1)
    assert pulse.limit_s == 2.0


def test_a_rest_is_no_stall_and_no_gap(loop: ManualLoop) -> None:
    """In a pause nothing is expected; afterwards the time counts from its end."""
    stalls: list[float] = []
    pulse = make_pulse(loop, stalls)
    pulse.beat()
    pulse.rest()
    loop.turn(600.0)
    assert stalls == []
    pulse.wait()
    loop.turn(1.0)
    pulse.beat()
    assert pulse.limit_s == 2.0
    loop.turn(2.5)
    assert len(stalls) == 1
