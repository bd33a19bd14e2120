"""Tests of what is told once after many changes."""

import asyncio

from server.control.coalescer import Coalescer


async def test_the_first_change_is_told_at_once_and_the_others_together() -> None:
    """Many changes within an interval are told once, at its end; with no change nothing is told."""
    calls: list[float] = []
    told = asyncio.Event()
    clock = asyncio.get_running_loop().time

    def tell() -> None:
        calls.append(clock())
        told.set()

    changed = Coalescer(tell, 0.05)
    changed()
    assert len(calls) == 1
    told.clear()
    for _ in range(100):
        changed()
    assert len(calls) == 1
    await told.wait()
    assert len(calls) == 2 and calls[1] - calls[0] >= 0.05
    told.clear()
    changed()
    await told.wait()
    assert len(calls) == 3 and calls[2] - calls[1] >= 0.05
