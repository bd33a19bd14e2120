"""Session with one worker: start it, receive its messages, end it."""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from fifo_live.config import Config
from fifo_live.errors import SetupError
from fifo_live.link.listener import Arrival, Listener
from fifo_live.link.messages import Command, Event, Failed, Stop
from fifo_live.link.process import Task, meeting_place, worker_command
from fifo_live.link.rank_processes import Workers
from fifo_live.link.silence_watch import patience
from fifo_live.link.timeouts import Timeouts
from fifo_live.link.transport import ServerChannel

logger = logging.getLogger(__name__)


class SessionOwner(Protocol):
    """Whom a life reports to."""

    def greet(self) -> None:
        """Take note that the worker is there, and may be spoken to."""

    def take(self, event: Event) -> None:
        """Take an event.

        Raises: ValueError for one that makes no sense, SetupError if the machine lacks what it wants.
        """

    def may_be_silent(self) -> bool:
        """Return whether it is in order that nothing is heard."""


class WorkerSession:
    """The processes of a worker, one for each rank, and the lines to them. Rank 0 is the one that is talked with."""

    def __init__(self, door: Listener, limits: Timeouts, keeper: SessionOwner) -> None:
        self._door = door
        self._limits = limits
        self._keeper = keeper
        self._channel: ServerChannel | None = None
        self._workers: Workers | None = None

    @property
    def rss_bytes(self) -> int:
        """The memory that the worker's processes hold."""
        return self._workers.rss_bytes() if self._workers else 0

    @property
    def pid(self) -> int:
        """The number of rank 0's process; 0 if there is none."""
        return self._workers.pid if self._workers else 0

    def send(self, command: Command) -> None:
        """Send a command; that the worker is gone is noticed where its events are read."""
        if self._channel is not None:
            with suppress(EOFError):
                self._channel.send(command)

    async def run(self, config: Config, module: str) -> str:
        """Run a worker from start to end and return why it ended."""
        token = secrets.token_urlsafe(32)
        with meeting_place(config.engine.ranks) as meeting:
            arrivals = self._door.expect(token, config.engine.ranks)
            task = Task(config, self._door.address, token, meeting)
            try:
                self._workers = await Workers.start(worker_command(module), task)
            except OSError as error:
                return f"The worker cannot be started: {error}."
            reason = ""
            try:
                reason = await self._listen(self._workers, arrivals)
            finally:
                end = await self._end(self._workers)
            return f"{reason or 'The worker ended'} ({end})."

    async def _listen(self, workers: Workers, arrivals: Sequence[Arrival]) -> str:
        talk = asyncio.create_task(self._talk(arrivals[0]))
        talks = [talk, *(asyncio.create_task(self._overhear(arrival)) for arrival in arrivals[1:])]
        end = asyncio.create_task(workers.wait())
        try:
            await asyncio.wait((*talks, end), return_when=asyncio.FIRST_COMPLETED)
            # What the ranks said last may still be on the lines.
            await asyncio.wait(talks, timeout=self._limits.grace_s if self._channel else 0.0)
            return next((task.result() for task in talks if task.done() and task.result()), "")
        finally:
            for task in (*talks, end):
                task.cancel()

    async def _talk(self, arrival: Arrival) -> str:
        """Listen to rank 0 and return why there is no more to hear."""
        try:
            async with patience(self._limits.hello_s):
                self._channel = await arrival
        except TimeoutError:
            return f"The worker has not connected for {self._limits.hello_s:g} s"
        self._keeper.greet()
        try:
            while True:
                self._keeper.take(await self._hear(self._channel))
        except EOFError:
            return ""
        except TimeoutError:
            return f"The worker has sent nothing for {self._limits.silence_s:g} s"
        except SetupError as error:
            self._keeper.take(Failed(code=error.code, message=str(error), fatal=True))
            return ""
        except ValueError as error:
            logger.error("The worker sent an invalid message: %s", error)
            return "The worker sent an invalid message"

    async def _hear(self, channel: ServerChannel) -> Event:
        if self._keeper.may_be_silent():
            return await channel.receive()
        async with patience(self._limits.silence_s):
            return await channel.receive()

    async def _overhear(self, arrival: Arrival) -> str:
        """Listen to another rank, which only speaks when it cannot go on, and return why there is no more to hear."""
        try:
            async with patience(self._limits.hello_s):
                channel = await arrival
        except TimeoutError:
            return f"One of the ranks has not connected for {self._limits.hello_s:g} s"
        try:
            event = await channel.receive()
            if isinstance(event, Failed):
                self._keeper.take(event)
        except (EOFError, ValueError):
            pass  # How its process ended, or what rank 0 says, is all that can be known.
        finally:
            channel.close()
        return ""

    async def _end(self, workers: Workers) -> str:
        self.send(Stop())
        # Only a worker that can hear the Stop is waited for.
        end = await workers.end(self._limits.grace_s if self._channel else 0.0)
        if self._channel is not None:
            self._channel.close()
        self._channel = self._workers = None
        return end
