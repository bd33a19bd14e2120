"""One worker's life: start it, listen until it has no more to say, end it."""

import asyncio
import logging
import secrets
from contextlib import suppress
from typing import Protocol

from fifo_live.config import Config
from fifo_live.link.channel import ServerChannel
from fifo_live.link.door import Door
from fifo_live.link.launch import WorkerProcess, worker_command, worker_environment
from fifo_live.link.limits import Limits
from fifo_live.link.messages import Command, Event, Stop

logger = logging.getLogger(__name__)


class Keeper(Protocol):
    """Whom a life reports to."""

    def greet(self) -> None:
        """Take note that the worker is there, and may be spoken to."""

    def take(self, event: Event) -> None:
        """Take an event.

        Raises: ValueError for one that makes no sense.
        """

    def may_be_silent(self) -> bool:
        """Return whether it is in order that nothing is heard."""


class Life:
    """A worker process and the line to it."""

    def __init__(self, door: Door, limits: Limits, keeper: Keeper) -> None:
        self._door = door
        self._limits = limits
        self._keeper = keeper
        self._channel: ServerChannel | None = None
        self._process: WorkerProcess | None = None

    @property
    def rss_bytes(self) -> int:
        """The memory that the worker's processes hold."""
        return self._process.rss_bytes() if self._process else 0

    @property
    def pid(self) -> int:
        """The number of the process; 0 if there is none."""
        return self._process.pid if self._process else 0

    def send(self, command: Command) -> None:
        """Send a command; that the worker is gone is noticed where its events are read."""
        if self._channel is not None:
            with suppress(EOFError):
                self._channel.send(command)

    async def run(self, config: Config, module: str) -> str:
        """Run a worker from start to end and return why it ended."""
        token = secrets.token_urlsafe(32)
        environment = worker_environment(config, self._door.address, token)
        try:
            self._process = await WorkerProcess.start(worker_command(module, config.engine.ranks), environment)
        except OSError as error:
            return f"The worker can not be started: {error}."
        reason = ""
        try:
            reason = await self._listen(self._process, token)
        finally:
            end = await self._end(self._process)
        return f"{reason or 'The worker ended'} ({end})."

    async def _listen(self, process: WorkerProcess, token: str) -> str:
        talk = asyncio.create_task(self._talk(token))
        end = asyncio.create_task(process.wait())
        try:
            await asyncio.wait((talk, end), return_when=asyncio.FIRST_COMPLETED)
            # What the worker said last may still be on the line.
            await asyncio.wait((talk,), timeout=self._limits.grace_s if self._channel else 0.0)
            return talk.result() if talk.done() else ""
        finally:
            talk.cancel()
            end.cancel()

    async def _talk(self, token: str) -> str:
        """Listen to the worker and return why there is no more to hear."""
        self._channel = await self._door.admit(token)
        self._keeper.greet()
        try:
            while True:
                async with asyncio.timeout(None if self._keeper.may_be_silent() else self._limits.silence_s):
                    event = await self._channel.receive()
                self._keeper.take(event)
        except EOFError:
            return ""
        except TimeoutError:
            return f"The worker has said nothing for {self._limits.silence_s:g} s"
        except ValueError as error:
            logger.error("The worker said what nobody understands: %s", error)
            return "The worker said what nobody understands"

    async def _end(self, process: WorkerProcess) -> str:
        self.send(Stop())
        # Only a worker that can hear the Stop is waited for.
        end = await process.end(self._limits.grace_s if self._channel else 0.0)
        if self._channel is not None:
            self._channel.close()
        self._channel = self._process = None
        return end
