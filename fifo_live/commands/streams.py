"""Makes standard output safe for any encoding and for readers that have gone."""

import errno
import io
import sys
from typing import Any, TextIO

_NOBODY_READS = (errno.EPIPE, errno.EIO)
"""A pipe whose reader has gone, and a terminal that was closed."""


class _Outlet(io.FileIO):
    """A file descriptor that loses what nobody reads any more."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            if error.errno not in _NOBODY_READS:
                raise
            return memoryview(data).nbytes


def open_streams() -> None:
    """Let stdout and stderr replace what the terminal cannot show, and go on when their reader goes away."""
    sys.stdout = _reopen(sys.stdout)
    sys.stderr = _reopen(sys.stderr)


def _reopen(stream: TextIO) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    raw = io.BufferedWriter(_Outlet(stream.fileno(), "w", closefd=False))
    return io.TextIOWrapper(
        raw, encoding=stream.encoding, errors="backslashreplace", line_buffering=stream.line_buffering
    )
