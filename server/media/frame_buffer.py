"""Buffers frames from the worker until they are shown."""

import asyncio
from collections import deque
from collections.abc import Callable

from fifo_live.link.frame import Frame


class Source:
    """A bounded buffer of frames. Each frame taken gives the worker credit for another."""

    def __init__(self, credit: Callable[[int], None], bound: int) -> None:
        self._credit = credit
        self.bound = bound
        self._frames: deque[Frame] = deque()
        self._arrived = asyncio.Event()
        self.num_received = 0
        self.num_dropped = 0

    def __len__(self) -> int:
        return len(self._frames)

    def put(self, frame: Frame) -> None:
        """Add a frame; a full buffer drops its oldest."""
        self._frames.append(frame)
        self.num_received += 1
        if len(self._frames) > self.bound:
            self._frames.popleft()
            self.num_dropped += 1
            self._credit(1)
        self._arrived.set()

    def take(self) -> Frame | None:
        """Return the oldest frame; None if there is none."""
        if not self._frames:
            return None
        frame = self._frames.popleft()
        self._credit(1)
        return frame

    async def wait(self) -> None:
        """Wait until there is a frame."""
        while not self._frames:
            self._arrived.clear()
            await self._arrived.wait()
