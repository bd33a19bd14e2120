"""Notices that messages stop, and counts only the time in which this process was running.

A process that was stopped and woken (a laptop that slept, `docker pause`) finds every clock run out, though whoever it
waited for may have been stopped as well. So time is counted in short steps, and a step that took much longer is not.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

_LONGEST_STEP_S = 0.5
_STEPS = 8
"""How many steps a short limit is counted in."""


class Watch:
    """Calls `on_silence` once when `limit_s` have passed since the last `restart`."""

    def __init__(self, limit_s: float, on_silence: Callable[[], None]) -> None:
        self.limit_s = limit_s
        self._on_silence = on_silence
        self._step_s = min(_LONGEST_STEP_S, limit_s / _STEPS)
        self._silent_s = 0.0
        self._last_s = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def restart(self) -> None:
        """Count from now on."""
        self._silent_s = 0.0
        if self._timer is None:
            self._wait()

    def stop(self) -> None:
        """Count no more, until the next `restart`."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

    def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        self._last_s = loop.time()
        self._timer = loop.call_later(self._step_s, self._count)

    def _count(self) -> None:
        step_s = asyncio.get_running_loop().time() - self._last_s
        if step_s < 2 * self._step_s:
            self._silent_s += step_s
        if self._silent_s < self.limit_s:
            self._wait()
        else:
            self._timer = None
            self._on_silence()


@asynccontextmanager
async def patience(limit_s: float) -> AsyncIterator[None]:
    """Give what is awaited inside so many seconds, not counting those in which this process was stopped.

    Raises: TimeoutError when they are over.
    """
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(None) as deadline:
        watch = Watch(limit_s, lambda: deadline.reschedule(loop.time()))
        watch.restart()
        try:
            yield
        finally:
            watch.stop()
