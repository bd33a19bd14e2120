"""A control connection for tests: sends requests, waits for messages of a kind."""

import asyncio
import json
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import connect

Message = dict[str, Any]


class Control:
    """One connection to `/ws`; keeps every message that came."""

    def __init__(self, url: str) -> None:
        self._connection = connect(url.replace("http", "ws", 1) + "/ws")
        self.messages: list[Message] = []

    async def __aenter__(self) -> Self:
        self._socket = await self._connection
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._socket.close()

    async def send(self, **request: Any) -> None:
        """Send a request."""
        await self._socket.send(json.dumps(request))

    async def wait_for(self, kind: str, timeout_s: float = 20.0, **fields: Any) -> Message:
        """Return the next message of a kind that has the given fields."""
        async with asyncio.timeout(timeout_s):
            while True:
                message: Message = json.loads(await self._socket.recv())
                self.messages.append(message)
                if message["type"] == kind and fields.items() <= message.items():
                    return message

    async def prompt(self, text: str, **more: Any) -> Message:
        """Send a prompt and return what `accepted` says."""
        await self.send(type="prompt", id=text, text=text, **more)
        return await self.wait_for("accepted", id=text)
