"""Encodes the stream once per codec, however many viewers there are, and only while there are any."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from fifo_live.config import StreamConfig
from server.media.codec import Codec, CodecSession, VideoFormat
from server.media.frame import Shot
from server.media.packet import Packet

MAX_WAITING = 2
KEYFRAME_GAP_S = 0.5


@dataclass
class _Job:
    shot: Shot
    fps: float


class Encoder:
    """Takes shots on the event loop, encodes them in a thread, and publishes packets on the event loop."""

    def __init__(self, codec: Codec, config: StreamConfig, publish: Callable[[Packet], None]) -> None:
        self.codec = codec
        self._config = config
        self._publish = publish
        self._jobs: deque[_Job] = deque()
        self._arrived = asyncio.Event()
        self._session: CodecSession | None = None
        self._keyframe_wanted = False
        self._last_keyframe_s = -KEYFRAME_GAP_S
        self.num_encoded = 0
        self.num_keyframes = 0
        self.num_dropped = 0
        self.encode_s = 0.0

    def show(self, shot: Shot, fps: float) -> None:
        """Encode a shot; if the encoder does not keep up, the oldest that waits is dropped."""
        self._jobs.append(_Job(shot, fps))
        if len(self._jobs) > MAX_WAITING:
            self._jobs.popleft()
            self.num_dropped += 1
        self._arrived.set()

    def request_keyframe(self) -> None:
        """Make one of the next pictures a keyframe; requests that come close together share one."""
        self._keyframe_wanted = True

    def rest(self) -> None:
        """Forget what waits, and begin anew with the next shot: there is nobody left to see it."""
        self._jobs.clear()
        self._session = None

    async def run(self) -> None:
        """Encode until cancelled."""
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, f"encoder-{self.codec}") as pool:
            while True:
                job = await self._next_job()
                keyframe = self._keyframe_due(loop.time())
                packet = await loop.run_in_executor(pool, self._encode, job, keyframe)
                if packet is not None:
                    self._note(packet, loop.time())
                    self._publish(packet)

    async def _next_job(self) -> _Job:
        while not self._jobs:
            self._arrived.clear()
            await self._arrived.wait()
        return self._jobs.popleft()

    def _keyframe_due(self, now_s: float) -> bool:
        since_s = now_s - self._last_keyframe_s
        # The encoder counts pictures, and would make keyframes too seldom when there are few a second.
        return since_s >= (KEYFRAME_GAP_S if self._keyframe_wanted else self._config.keyframe_interval_s)

    def _encode(self, job: _Job, keyframe: bool) -> Packet | None:
        begin_s = time.perf_counter()
        session = self._session_for(job)
        payloads, is_keyframe = session.encode(job.shot.picture, job.shot.pts, keyframe=keyframe)
        self.encode_s += time.perf_counter() - begin_s
        return Packet(payloads, job.shot.pts, is_keyframe) if payloads else None

    def _session_for(self, job: _Job) -> CodecSession:
        height, width, _ = job.shot.picture.shape
        config = self._config
        # 4:2:0 halves both sides, so an odd line or column at the edge is left out.
        video = VideoFormat(width & ~1, height & ~1, job.fps, config.bitrate_kbps, config.keyframe_interval_s)
        session = self._session
        if session is None or session.video != video:
            session = self._session = CodecSession(self.codec, video)
        return session

    def _note(self, packet: Packet, now_s: float) -> None:
        self.num_encoded += 1
        if packet.is_keyframe:
            self.num_keyframes += 1
            self._keyframe_wanted = False
            self._last_keyframe_s = now_s
