"""Measures a worker's frame rate and notices when a frame is overdue."""

import asyncio
from collections import deque
from collections.abc import Callable

from fifo_live.link.silence_watch import Watch

_USUAL_TIMES = 2.0
_BURSTS = 4
"""How many ticks' frames tell what is usual."""


class Pulse:
    """Calls `on_stall` when no beat has come for `stall_s`, or for twice the longest of the last gaps if that is more.

    Frames may come in bursts, one burst a tick: so the longest gap counts, over as many frames as some ticks give.
    """

    def __init__(self, stall_s: float, on_stall: Callable[[], None]) -> None:
        self._stall_s = stall_s
        self._watch = Watch(stall_s, on_stall)
        self._gaps_s: deque[float] = deque(maxlen=_BURSTS)
        self._last_s: float | None = None

    @property
    def limit_s(self) -> float:
        """How long no beat may come."""
        return max(self._stall_s, _USUAL_TIMES * max(self._gaps_s, default=0.0))

    def begin(self, frames_per_tick: int) -> None:
        """Forget what was usual: another worker begins, whose ticks give so many frames."""
        self._gaps_s = deque(maxlen=_BURSTS * max(1, frames_per_tick))
        self._last_s = None

    def beat(self, ticks: int = 1) -> None:
        """Note that a frame has come, or a tick is done of which `ticks` make a frame."""
        now_s = asyncio.get_running_loop().time()
        if self._last_s is not None:
            self._gaps_s.append(ticks * (now_s - self._last_s))
        self._last_s = now_s
        self._watch.limit_s = self.limit_s
        self._watch.restart()

    def wait(self) -> None:
        """Count from now on: only now can the next frame come."""
        self._last_s = None
        self._watch.limit_s = self.limit_s
        self._watch.restart()

    def rest(self) -> None:
        """Expect nothing until the next beat or `wait`."""
        self._last_s = None
        self._watch.stop()
