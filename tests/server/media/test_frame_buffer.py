"""Tests of the buffer in front of the pacer."""

import asyncio

from server.media.frame_buffer import Source
from tests.server.media.frames import make_frame


def test_credit_goes_back_when_a_frame_is_taken() -> None:
    """Each frame taken is credit for one more, and they come in order."""
    credits: list[int] = []
    source = Source(credits.append, 4)
    source.put(make_frame(0))
    source.put(make_frame(1))
    assert (len(source), credits) == (2, [])
    assert [frame.index for frame in (source.take(), source.take()) if frame] == [0, 1]
    assert source.take() is None
    assert (len(source), credits) == (0, [1, 1])


def test_a_full_buffer_drops_its_oldest() -> None:
    """What is dropped is counted, and its credit goes back too."""
    credits: list[int] = []
    source = Source(credits.append, 2)
    for index in range(3):
        source.put(make_frame(index))
    frame = source.take()
    assert frame is not None and frame.index == 1
    assert (source.num_dropped, source.num_received, credits) == (1, 3, [1, 1])


async def test_waiting_ends_with_a_frame() -> None:
    """wait() returns once there is a frame, and at once if there is one."""
    source = Source(lambda frames: None, 2)
    waiting = asyncio.create_task(source.wait())
    await asyncio.sleep(0)
    assert not waiting.done()
    source.put(make_frame(0))
    await waiting
    await source.wait()
