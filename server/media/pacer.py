"""Shows frames at an even rate, independent of the engine."""

import asyncio
import math
from collections.abc import Callable

from fifo_live.link.frame import Frame
from server.media.cadence import Cadence
from server.media.frame import VIDEO_CLOCK_RATE, Shot
from server.media.frame_buffer import Source
from server.media.rate import Rate


class Pacer:
    """Asks the source once per period of its cadence and repeats the last frame when there is no new one.

    Before the first frame nothing is shown; after it only frames of the engine are, however long it is silent.
    `is_live` tells whether the engine should be delivering now, so that a repeat is late. A period that is missed,
    because the process was held up, is left out: pictures never come in a burst.
    """

    def __init__(
        self, source: Source, is_live: Callable[[], bool], show: Callable[[Shot], None], cadence: Cadence
    ) -> None:
        self._source = source
        self._is_live = is_live
        self._show = show
        self._last: Frame | None = None
        self._rate = Rate()
        self.cadence = cadence
        self.num_shown = 0
        self.num_late = 0
        self.num_skipped = 0

    @property
    def fps(self) -> float:
        """How many pictures a second there should be; the cadence says how many there are."""
        return self.cadence.nominal_fps

    @property
    def position(self) -> int:
        """The index of the frame that is shown; -1 before the first."""
        return -1 if self._last is None else self._last.index

    def new_frames_per_second(self, now_s: float) -> float:
        """Return how many new frames were shown per second of late; 0 if too few to tell."""
        return self._rate.per_second(now_s)

    async def run(self) -> None:
        """Show frames at the paced rate until cancelled."""
        clock = asyncio.get_running_loop().time
        origin_s = due_s = clock()
        while True:
            due_s, missed = next_due(due_s, clock(), 1 / self.cadence.fps)
            self.num_skipped += missed
            await asyncio.sleep(due_s - clock())
            self.step(due_s - origin_s, clock())

    async def run_unpaced(self) -> None:
        """Show each frame when it comes: for benchmarks."""
        clock = asyncio.get_running_loop().time
        origin_s = clock()
        while True:
            await self._source.wait()
            self.step(clock() - origin_s, clock())
            await asyncio.sleep(0)

    def step(self, time_s: float, now_s: float) -> None:
        """Show what is due: a new frame, or the last one again."""
        pts = round(time_s * VIDEO_CLOCK_RATE)
        self.cadence.note(now_s, self._source.num_received, len(self._source), is_live=self._is_live())
        frame = self._source.take()
        if frame is not None:
            self._last = frame
            self._rate.add(now_s)
            self.num_shown += 1
            self._show(Shot(frame.picture, pts, frame))
        elif self._last is not None:
            self.num_late += self._is_live()
            self._show(Shot(self._last.picture, pts, self._last, is_repeat=True))


def next_due(due_s: float, now_s: float, period_s: float) -> tuple[float, int]:
    """Return when the next picture is due, on the grid of the last one, and how many periods have gone by unused."""
    missed = max(0, math.floor((now_s - due_s) / period_s))
    return due_s + (missed + 1) * period_s, missed
