"""Merges many changes within a short time into one notification."""

import asyncio
from collections.abc import Callable


class Coalescer:
    """Calls a function at once, and again at most once per interval while there is reason to."""

    def __init__(self, function: Callable[[], None], interval_s: float) -> None:
        self._function = function
        self._interval_s = interval_s
        self._is_due = False
        self._rest: asyncio.TimerHandle | None = None

    def __call__(self) -> None:
        """Call the function now, or at the end of the interval if it was called just before."""
        if self._rest is not None:
            self._is_due = True
            return
        self._rest = asyncio.get_running_loop().call_later(self._interval_s, self._end_rest)
        self._function()

    def _end_rest(self) -> None:
        self._rest = None
        if self._is_due:
            self._is_due = False
            self()
