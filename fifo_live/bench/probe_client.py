"""A viewer and a control connection to the same server, and when each of them saw what."""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, TypeVar

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from fifo_live.bench.player import Player
from fifo_live.errors import SetupError

Message = dict[str, Any]
Found = TypeVar("Found")


class ProbeClient:
    """Watches and listens from `async with` on."""

    def __init__(self, url: str) -> None:
        self._connection = connect(url.replace("http", "ws", 1) + "/ws", proxy=None)
        self._player = Player(url)
        self._changed = asyncio.Condition()
        self._tasks: list[asyncio.Task[None]] = []
        self.messages: list[tuple[float, Message]] = []
        self.pictures_s: list[float] = []
        self.size = (0, 0)
        self._failure = ""

    async def __aenter__(self) -> Self:
        self._socket = await self._connection
        await self._socket.send(json.dumps({"type": "subscribe", "channels": ["stats"]}))
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
        await self._socket.close()

    async def request(self, **fields: Any) -> None:
        """Send a request; its answer comes as a message."""
        await self._socket.send(json.dumps(fields))

    async def message(
        self, kind: str, timeout_s: float, *, after_s: float = 0.0, **fields: Any
    ) -> tuple[float, Message]:
        """Return the first message of a kind with the given fields, and when it came; wait for it if need be.

        Raises: SetupError when the engine cannot run, or the time is over.
        """

        def find() -> tuple[float, Message] | None:
            for at_s, message in self.messages:
                if at_s > after_s and message["type"] == kind and fields.items() <= message.items():
                    return at_s, message
            return None

        return await self._wait_for(find, timeout_s, f"message {kind!r} {fields or ''}")

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
        with suppress(ConnectionClosed):
            async for text in self._socket:
                message: Message = json.loads(text)
                self.messages.append((time.monotonic(), message))
                if message["type"] == "state" and message["engine"]["state"] == "failed":
                    self._failure = message["engine"]["message"]
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
