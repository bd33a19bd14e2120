"""Standard output and errors of a process that must not block on their reader."""

import io
import select
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_CHUNK_BYTES = select.PIPE_BUF if hasattr(select, "PIPE_BUF") else 1 << 16
"""A pipe that says it can be written to takes so much without a wait."""


class _Unread(io.FileIO):
    """Writes what is read at once; what nobody reads (any more) is lost, and nobody waits for it."""

    def write(self, data: "ReadableBuffer", /) -> int:
        view = memoryview(data).cast("B")
        try:
            written = super().write(view[:_CHUNK_BYTES]) if self._takes_more() else None
        except OSError:  # The pipe is broken, or the terminal is closed.
            written = None
        return len(view) if written is None else written

    def _takes_more(self) -> bool:
        return sys.platform == "win32" or bool(select.select([], [self.fileno()], [], 0)[1])


def lose_what_nobody_reads() -> None:
    """Let no write to this process's output fail, or wait for a reader: a pipe may break, a terminal may be closed."""
    if sys.stdout is sys.__stdout__ and sys.stdout is not None:
        sys.stdout = unread(sys.stdout)
    if sys.stderr is sys.__stderr__ and sys.stderr is not None:
        sys.stderr = unread(sys.stderr)


def unread(stream: TextIO) -> TextIO:
    """Return a stream to the same file to which every write succeeds."""
    stream.flush()
    raw = _Unread(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(io.BufferedWriter(raw), stream.encoding, "backslashreplace", line_buffering=True)
