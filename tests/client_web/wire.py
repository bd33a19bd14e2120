"""What a page and the server say to each other over the control socket."""

import asyncio
import json
from typing import Any

from playwright.async_api import Page, WebSocket

Message = dict[str, Any]
TIMEOUT_S = 30.0


class Wire:
    """Keeps all messages of a page's control sockets; made before the page is opened."""

    def __init__(self, page: Page) -> None:
        self.sent: list[Message] = []
        self.received: list[Message] = []
        self._arrived = asyncio.Event()
        page.on("websocket", self._on_socket)

    async def wait_for(self, kind: str, **fields: Any) -> Message:
        """Return the first received message of a kind that has the given fields, also of those that have come."""
        async with asyncio.timeout(TIMEOUT_S):
            while True:
                for message in self.received:
                    if message["type"] == kind and fields.items() <= message.items():
                        return message
                self._arrived.clear()
                await self._arrived.wait()

    async def accepted(self, count: int = 1) -> Message:
        """Return the answer to the page's `count`-th request since the last `forget`."""
        async with asyncio.timeout(TIMEOUT_S):
            while True:
                answers = [m for m in self.received if m["type"] == "accepted" and m["id"] is not None]
                if len(answers) >= count:
                    return answers[count - 1]
                self._arrived.clear()
                await self._arrived.wait()

    def forget(self) -> None:
        """Begin to count anew."""
        self.sent.clear()
        self.received.clear()

    def sent_prompts(self) -> list[Message]:
        """Return the prompts that the page has sent."""
        return [message for message in self.sent if message["type"] == "prompt"]

    def _on_socket(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: self.sent.append(json.loads(frame)))
        socket.on("framereceived", self._on_received)

    def _on_received(self, frame: str | bytes) -> None:
        self.received.append(json.loads(frame))
        self._arrived.set()
