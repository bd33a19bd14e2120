"""Finds the reason why a worker ended, from reports of its ranks and their exit codes."""

from fifo_live.errors import RankLostError
from fifo_live.link.messages import Failed


class Cause:
    """Keeps the first failure that is told; that a rank misses another one is only its echo."""

    def __init__(self) -> None:
        self._failure: Failed | None = None

    @property
    def is_fatal(self) -> bool:
        """Whether another worker would fail in the same way."""
        return self._failure is not None and self._failure.fatal

    def note(self, failure: Failed) -> None:
        """Take in what a rank says."""
        if self._failure is None or self._failure.code == RankLostError.code:
            self._failure = failure

    def sentence(self, end: str) -> str:
        """Return the cause, for people; `end` says how the processes ended."""
        if self._failure is None:
            return end
        return f"{self._failure.message} {end}" if self._failure.code == RankLostError.code else self._failure.message
