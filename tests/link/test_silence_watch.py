"""Tests of noticing silence."""

import asyncio

import pytest

from fifo_live.link.silence_watch import Watch, patience
from tests.link.manual_loop import ManualLoop


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> ManualLoop:
    loop = ManualLoop()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    return loop


def test_silence_is_told_once(loop: ManualLoop) -> None:
    """When the limit is over, and not again until it is counted anew."""
    told: list[float] = []
    watch = Watch(2.0, lambda: told.append(loop.time()))
    watch.restart()
    loop.turn(1.9)
    assert told == []
    loop.turn(20.0)
    assert told == [102.0]
    watch.restart()
    loop.turn(3.0)
    assert len(told) == 2


def test_a_restart_counts_anew(loop: ManualLoop) -> None:
    """What comes in time, again and again, is no silence."""
    told: list[float] = []
    watch = Watch(2.0, lambda: told.append(loop.time()))
    for _ in range(10):
        watch.restart()
        loop.turn(1.4)
    assert told == []
    watch.stop()
    loop.turn(10.0)
    assert told == []


def test_time_in_which_the_process_was_stopped_does_not_count(loop: ManualLoop) -> None:
    """Who could not listen has not been left waiting; only what it hears after waking counts."""
    told: list[float] = []
    watch = Watch(300.0, lambda: told.append(loop.time()))
    watch.restart()
    loop.turn(200.0)
    loop.sleep(3600.0)
    loop.turn(99.0)
    assert told == []
    loop.turn(1.5)
    assert len(told) == 1


async def test_patience_ends_a_wait() -> None:
    """What does not come in time is a TimeoutError; what comes is not disturbed."""
    with pytest.raises(TimeoutError):
        async with patience(0.01):
            await asyncio.Event().wait()
    async with patience(60.0):
        await asyncio.sleep(0)


async def test_patience_hands_on_a_cancel() -> None:
    """Somebody else's cancel stays one."""

    async def wait() -> None:
        async with patience(60.0):
            await asyncio.Event().wait()

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
