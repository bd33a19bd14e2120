"""A program that is told to end tidies up first, as it does after Ctrl-C."""

import signal
import sys
from types import FrameType
from typing import NoReturn


def end_in_order() -> None:
    """Let the signals of a closed terminal, of `timeout` and of service managers unwind the program.

    What a parent has set to be ignored, as nohup does, stays so.
    """
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _leave)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)  # a second one would break off the tidying up
    sys.exit(128 + number)
