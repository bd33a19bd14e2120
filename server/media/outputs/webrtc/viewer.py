"""One connected viewer with its own queue of packets."""

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable

from server.media.codec import Codec
from server.media.packet import Packet

MAX_WAITING = 30
KEYFRAME_GAP_S = 2.0


class Viewer:
    """Begins with a keyframe. If it falls behind, it misses what waits and goes on with the next keyframe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.request_keyframe: Callable[[], None] = _nobody_hears
        self._clock = clock
        self._wants_keyframe = False
        self._last_request_s = -math.inf
        self._packets: deque[Packet] = deque()
        self._arrived = asyncio.Event()
        self._needs_keyframe = True
        self.codec: Codec | None = None
        self.num_sent = 0
        self.num_dropped = 0

    def offer(self, packet: Packet) -> None:
        """Queue a packet, unless the viewer could not decode it."""
        if packet.is_keyframe:
            self._needs_keyframe = self._wants_keyframe = False
        self._request_if_due()
        if self._needs_keyframe:
            return
        self._packets.append(packet)
        if len(self._packets) > MAX_WAITING:
            self.num_dropped += len(self._packets)
            self._packets.clear()
            self._needs_keyframe = True
            self.ask_for_keyframe()
        self._arrived.set()

    def ask_for_keyframe(self) -> None:
        """Say that this viewer cannot go on without a keyframe; all pay for it, so one in KEYFRAME_GAP_S at most."""
        self._wants_keyframe = True
        self._request_if_due()

    async def next(self) -> Packet:
        """Wait for the next packet to send."""
        while not self._packets:
            self._arrived.clear()
            await self._arrived.wait()
        self.num_sent += 1
        return self._packets.popleft()

    def _request_if_due(self) -> None:
        now_s = self._clock()
        if (self._wants_keyframe or self._needs_keyframe) and now_s - self._last_request_s >= KEYFRAME_GAP_S:
            self._last_request_s = now_s
            self.request_keyframe()


def _nobody_hears() -> None:
    """Stand in for the encoder of a viewer who is not watching yet."""
