"""One peer that watches: a queue of packets of its own."""

import asyncio
from collections import deque
from collections.abc import Callable

from server.media.codec import Codec
from server.media.packet import Packet

MAX_WAITING = 30


class Viewer:
    """Begins with a keyframe. If it falls behind, it misses what waits and goes on with the next keyframe."""

    def __init__(self) -> None:
        self.request_keyframe: Callable[[], None] = _nobody_hears
        self._packets: deque[Packet] = deque()
        self._arrived = asyncio.Event()
        self._needs_keyframe = True
        self.codec: Codec | None = None
        self.num_sent = 0
        self.num_dropped = 0

    def offer(self, packet: Packet) -> None:
        """Queue a packet, unless the viewer could not decode it."""
        if packet.is_keyframe:
            self._needs_keyframe = False
        if self._needs_keyframe:
            self.request_keyframe()
            return
        self._packets.append(packet)
        if len(self._packets) > MAX_WAITING:
            self.num_dropped += len(self._packets)
            self._packets.clear()
            self._needs_keyframe = True
            self.request_keyframe()
        self._arrived.set()

    async def next(self) -> Packet:
        """Wait for the next packet to send."""
        while not self._packets:
            self._arrived.clear()
            await self._arrived.wait()
        self.num_sent += 1
        return self._packets.popleft()


def _nobody_hears() -> None:
    """Stand in for the encoder of a viewer who is not watching yet."""
