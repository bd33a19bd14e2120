"""What waits to be sent to one client."""

import asyncio
from collections import deque

from server.api.protocol import ServerMessage

MAX_WAITING = 64
_NEWEST_IS_ENOUGH = ("state", "queue", "stats")


class Outbox:
    """A bounded queue of messages.

    Of a state, a queue and stats only the newest is kept. If the client still does not read fast enough, the oldest
    line of the log goes, or else the oldest message, and is counted: nobody waits for a slow client.
    """

    def __init__(self) -> None:
        self._messages: deque[ServerMessage] = deque()
        self._arrived = asyncio.Event()
        self.num_dropped = 0

    def put(self, message: ServerMessage) -> None:
        """Add a message."""
        if message.type in _NEWEST_IS_ENOUGH:
            self._messages = deque(waiting for waiting in self._messages if waiting.type != message.type)
        self._messages.append(message)
        if len(self._messages) > MAX_WAITING:
            oldest = next((waiting for waiting in self._messages if waiting.type == "log"), self._messages[0])
            self._messages.remove(oldest)
            self.num_dropped += 1
        self._arrived.set()

    async def next(self) -> ServerMessage:
        """Wait for the next message to send."""
        while not self._messages:
            self._arrived.clear()
            await self._arrived.wait()
        return self._messages.popleft()
