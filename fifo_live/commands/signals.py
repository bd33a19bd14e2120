"""Turns termination signals into an orderly end, as after Ctrl-C."""

import os
import signal
import threading
from types import FrameType

PATIENCE_S = 30.0
"""How long tidying up may take before the process ends without it."""

_received: list[int] = []


def end_in_order() -> None:
    """Let the signals of a closed terminal, of `timeout` and of service managers do what Ctrl-C does.

    What a parent has set to be ignored, as nohup does, stays so.
    """
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _interrupt)


def exit_code(otherwise: int) -> int:
    """Return the shell's usual code for the signal that ended this program, or another if none did."""
    return 128 + _received[0] if _received else otherwise


def _interrupt(number: int, frame: FrameType | None) -> None:
    if _received:
        return  # a second one would break off the tidying up
    _received.append(number)
    deadline = threading.Timer(PATIENCE_S, os._exit, (exit_code(0),))
    deadline.daemon = True
    deadline.start()
    on_ctrl_c = signal.getsignal(signal.SIGINT)
    if not callable(on_ctrl_c):
        raise KeyboardInterrupt
    on_ctrl_c(signal.SIGINT, frame)  # asyncio's own, while it runs: it cancels the task in place of breaking in
