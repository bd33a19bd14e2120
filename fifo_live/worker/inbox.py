"""Inbox of rank 0: commands from the server, and credit for more frames."""

from collections import deque
from collections.abc import Callable
from threading import Condition, Thread

from fifo_live.link.messages import Command, Credit
from fifo_live.link.transport import WorkerChannel


class Inbox:
    """Collects commands in a thread; the server bounds how many it leaves unanswered. Credits are counted apart."""

    def __init__(self, channel: WorkerChannel) -> None:
        self._channel = channel
        self._changed = Condition()
        self._commands: deque[Command] = deque()
        self._credit = 0
        self._gone: Exception | None = None
        Thread(target=self._read, name="inbox", daemon=True).start()

    def take(self, may_go_on: Callable[[], bool]) -> list[Command]:
        """Return the commands that have come; wait for one only as long as there is nothing else to do.

        Raises: EOFError if the server is gone.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._commands or self._gone or may_go_on())
            if self._gone:
                raise self._gone
            commands = list(self._commands)
            self._commands.clear()
            return commands

    def close(self) -> None:
        """End every wait: nothing more is wanted from outside."""
        self._end(EOFError("The worker ends."))

    def wake(self) -> None:
        """Let `take` look again at whether there is something to do."""
        with self._changed:
            self._changed.notify_all()

    def spend_credit(self) -> None:
        """Wait until the server has room for one more picture.

        Raises: EOFError if the server is gone.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._credit > 0 or self._gone)
            if self._gone:
                raise self._gone
            self._credit -= 1

    def add_credit(self, frames: int) -> None:
        """Note that the server has room for so many pictures more."""
        with self._changed:
            self._credit += frames
            self._changed.notify_all()

    def _read(self) -> None:
        try:
            while True:
                for command in self._channel.receive(timeout_s=None):
                    self._take_in(command)
        except (EOFError, ValueError) as error:
            self._end(error)

    def _end(self, reason: Exception) -> None:
        with self._changed:
            self._gone = self._gone or reason
            self._changed.notify_all()

    def _take_in(self, command: Command) -> None:
        if isinstance(command, Credit):
            self.add_credit(command.frames)
            return
        with self._changed:
            self._commands.append(command)
            self._changed.notify_all()
