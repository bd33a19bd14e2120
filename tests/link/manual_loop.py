"""An event loop's clock that a test turns by hand."""

from collections.abc import Callable


class Timer:
    """What call_later returns."""

    def __init__(self, due_s: float, call: Callable[[], object]) -> None:
        self.due_s = due_s
        self.call = call
        self.is_cancelled = False

    def cancel(self) -> None:
        self.is_cancelled = True


class ManualLoop:
    """Calls what is due when the clock is turned; one late turn stands for a process that was stopped."""

    def __init__(self) -> None:
        self._now_s = 100.0
        self._timers: list[Timer] = []

    def time(self) -> float:
        return self._now_s

    def call_later(self, delay_s: float, call: Callable[[], object]) -> Timer:
        timer = Timer(self._now_s + delay_s, call)
        self._timers.append(timer)
        return timer

    def turn(self, seconds: float) -> None:
        """Let time go by in which the process runs."""
        end_s = self._now_s + seconds
        while due := [timer for timer in self._timers if timer.due_s <= end_s]:
            first = min(due, key=lambda timer: timer.due_s)
            self._now_s = max(self._now_s, first.due_s)
            self._fire(first)
        self._now_s = end_s

    def sleep(self, seconds: float) -> None:
        """Let time go by in which the process is stopped; what has become due is called when it wakes."""
        self._now_s += seconds
        for timer in [timer for timer in self._timers if timer.due_s <= self._now_s]:
            self._fire(timer)

    def _fire(self, timer: Timer) -> None:
        self._timers.remove(timer)
        if not timer.is_cancelled:
            timer.call()
