"""Measures how often an event happens."""

from collections import deque

SPAN_S = 3.0


class Rate:
    """Events per second over the last few seconds; the clock comes from outside."""

    def __init__(self, span_s: float = SPAN_S) -> None:
        self._span_s = span_s
        self._times: deque[float] = deque()

    def add(self, now_s: float) -> None:
        """Note an event."""
        self._times.append(now_s)
        self._forget(now_s)

    def per_second(self, now_s: float) -> float:
        """Return the rate; 0 until there are two events."""
        self._forget(now_s)
        if len(self._times) < 2:
            return 0.0
        num_gaps = len(self._times) - 1
        # The time since the last event counts only once it is longer than a usual gap.
        elapsed_s = max(self._times[-1] - self._times[0], (now_s - self._times[0]) * num_gaps / (num_gaps + 1))
        return num_gaps / max(1e-6, elapsed_s)

    def _forget(self, now_s: float) -> None:
        while self._times and self._times[0] < now_s - self._span_s:
            self._times.popleft()
