"""The signals that end a process by default and that people and tools send."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NAMES = ("INT", "TERM", "HUP", "QUIT", "USR1", "USR2", "ALRM", "VTALRM", "PROF", "XCPU", "PWR", "IO", "BREAK")


def ending_signals() -> list[signal.Signals]:
    """Return those that this system has; on each of them the server ends in order."""
    return [signal.Signals[f"SIG{name}"] for name in _NAMES if f"SIG{name}" in signal.Signals.__members__]


@contextmanager
def held_back() -> Iterator[None]:
    """Start processes inside that these signals never reach, though they are sent to the whole group."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ending_signals())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
