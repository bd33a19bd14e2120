"""Bounded queue of messages to one client."""

import asyncio
from collections import deque

from fifo_live.protocol.wire import ServerMessage

MAX_WAITING = 64
_NEWEST_IS_ENOUGH = ("state", "queue", "stats")
_ANSWERS = ("accepted", "error")


class Outbox:
    """A bounded queue of messages.

    Of a state, a queue and stats only the newest is kept. If the client still does not read fast enough, the oldest
    line of the log goes, or else the oldest message that is no answer, and is counted: nobody waits for a slow client.
    Answers are never dropped; whoever reads the client's requests waits for room before the next one.
    """

    def __init__(self) -> None:
        self._messages: deque[ServerMessage] = deque()
        self._arrived = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()
        self.num_dropped = 0

    def put(self, message: ServerMessage) -> None:
        """Add a message."""
        if message.type in _NEWEST_IS_ENOUGH:
            self._messages = deque(waiting for waiting in self._messages if waiting.type != message.type)
        self._messages.append(message)
        if len(self._messages) > MAX_WAITING:
            self._drop()
        if len(self._messages) >= MAX_WAITING:
            self._has_room.clear()
        self._arrived.set()

    async def next(self) -> ServerMessage:
        """Wait for the next message to send."""
        while not self._messages:
            self._arrived.clear()
            await self._arrived.wait()
        message = self._messages.popleft()
        if len(self._messages) < MAX_WAITING:
            self._has_room.set()
        return message

    async def room(self) -> None:
        """Wait until the answer to another request has a place."""
        await self._has_room.wait()

    def close(self) -> None:
        """Let nobody wait for room any more: nothing will be sent."""
        self._messages.clear()
        self._has_room.set()

    def _drop(self) -> None:
        """Drop what can be missed most easily; with nothing but answers there, nothing."""
        droppable = [waiting for waiting in self._messages if waiting.type not in _ANSWERS]
        oldest = next((waiting for waiting in droppable if waiting.type == "log"), droppable[0] if droppable else None)
        if oldest is not None:
            self._messages.remove(oldest)
            self.num_dropped += 1
