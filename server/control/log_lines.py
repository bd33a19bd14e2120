"""Forwards the server's log to subscribers of the control socket."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOGGERS = ("server", "fifo_live")


class _Lines(logging.Handler):
    """Hands lines over to the event loop, from whatever thread they come."""

    def __init__(self, tell: Callable[[str, str], None]) -> None:
        super().__init__(logging.INFO)
        self._tell = tell
        self._loop = asyncio.get_running_loop()

    def emit(self, record: logging.LogRecord) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, record.levelname.lower(), record.getMessage())


@contextmanager
def followed_log(tell: Callable[[str, str], None]) -> Iterator[None]:
    """Call `tell` with level and text of each line, on the event loop, for as long as this lasts."""
    lines = _Lines(tell)
    for name in LOGGERS:
        logging.getLogger(name).addHandler(lines)
    try:
        yield
    finally:
        for name in LOGGERS:
            logging.getLogger(name).removeHandler(lines)
