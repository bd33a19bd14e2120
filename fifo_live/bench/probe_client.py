"""A viewer and a control connection to the same server, and when each of them saw what."""

import asyncio
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

from fifo_live.bench.player import Player
from fifo_live.client import ControlClient
from fifo_live.errors import SetupError
from fifo_live.protocol.message import Message
from fifo_live.protocol.state import EngineState, State

Kind = TypeVar("Kind", bound=Message)
Found = TypeVar("Found")


class ProbeClient:
    """Watches and listens from `async with` on."""

    def __init__(self, url: str) -> None:
        self.client = ControlClient(url, channels=["stats"])
        self._player = Player(url)
        self._changed = asyncio.Condition()
        self._tasks: list[asyncio.Task[None]] = []
        self.pictures_s: list[float] = []
        self.size = (0, 0)
        self._failure = ""

    async def __aenter__(self) -> Self:
        await self.client.__aenter__()
        self._tasks = [asyncio.create_task(self._listen())]
        await self._player.__aenter__()
        self._tasks.append(asyncio.create_task(self._watch()))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._player.__aexit__(kind, error, traceback)
        await self.client.close()

    def messages(self, kind: type[Kind], after_s: float) -> Iterator[tuple[float, Kind]]:
        """Yield the messages of a kind that came after a moment, and when."""
        for heard in self.client.heard:
            if heard.at_s > after_s and isinstance(heard.message, kind):
                yield heard.at_s, heard.message

    async def message(
        self, kind: type[Kind], timeout_s: float, *, after_s: float = 0.0, **fields: Any
    ) -> tuple[float, Kind]:
        """Return the first message of a kind with the given fields, and when it came; wait for it if need be.

        Raises: SetupError when the engine cannot run, or the time is over.
        """

        def find() -> tuple[float, Kind] | None:
            for at_s, message in self.messages(kind, after_s):
                if all(getattr(message, name) == value for name, value in fields.items()):
                    return at_s, message
            return None

        return await self._wait_for(find, timeout_s, f"{kind.__name__} message {fields or ''}")

    async def picture(self, timeout_s: float, *, after_s: float) -> float:
        """Return when the first picture after a moment was decoded; wait for it if need be.

        Raises: SetupError when the time is over.
        """

        def find() -> float | None:
            return next((at_s for at_s in self.pictures_s if at_s > after_s), None)

        return await self._wait_for(find, timeout_s, "picture")

    async def _wait_for(self, find: Callable[[], Found | None], timeout_s: float, what: str) -> Found:
        try:
            async with asyncio.timeout(timeout_s), self._changed:
                while (found := find()) is None:
                    if self._failure:
                        raise SetupError(self._failure)
                    await self._changed.wait()
                return found
        except TimeoutError as error:
            raise SetupError(f"No {what.strip()} came within {timeout_s:.0f} s.") from error

    async def _listen(self) -> None:
        async for message in self.client.messages(from_start=True):
            if isinstance(message, State) and message.engine.state == EngineState.FAILED:
                self._failure = message.engine.message
            await self._tell()
        self._failure = "The server has ended."
        await self._tell()

    async def _watch(self) -> None:
        async for seen in self._player.frames():
            self.pictures_s.append(seen.at_s)
            self.size = (seen.picture.width, seen.picture.height)
            await self._tell()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()
