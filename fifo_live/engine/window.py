"""Latent partitioning and lookahead: which slots pass the network together, and which of them are written.

FIFO-Diffusion (arXiv 2405.11473), sections 4.2 and 4.3. All windows of a tick read the state before the tick, so
their order does not matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fifo_live.errors import ConfigError


@dataclass(frozen=True)
class Window:
    """Reads the positions [start, stop), behind that of the sink if there is one, and writes [write_start, stop).

    Negative positions have left the queue: the sink, and clean context. As long as nothing has left, a window reads
    `ahead` noisier slots behind `stop` in their place.
    """

    start: int
    write_start: int
    stop: int
    sink: int | None = None
    ahead: int = 0

    @property
    def positions(self) -> tuple[int, ...]:
        """The positions that are read, in order."""
        return (*(() if self.sink is None else (self.sink,)), *range(self.start, self.read_stop))

    @property
    def read_stop(self) -> int:
        """The first position behind what is read."""
        return self.stop + self.ahead

    @property
    def context(self) -> int:
        """The number of slots that are read only."""
        return self.write_start - self.start

    def begun(self, num_left: int, length: int) -> "Window":
        """Return the window without the context that does not exist yet, and with as many slots behind it instead.

        `num_left` latents have left so far, the queue has `length` slots. So a network sees as many latents as it was
        trained on from the first tick on, if the queue has them.
        """
        missing = max(0, -num_left - self.start)
        return replace(self, start=self.start + missing, ahead=min(missing, length - self.stop))

    def until(self, position: int) -> "Window":
        """Return the window without what lies at or behind a position."""
        stop = min(self.stop, position)
        return replace(self, stop=stop, ahead=max(0, min(self.read_stop, position) - stop))


@dataclass(frozen=True)
class Segment:
    """The windows of one rank and the positions [start, stop) that they write.

    `halo` slots before them are read too, and while a queue begins `ahead` slots behind those of the first rank.
    """

    windows: tuple[Window, ...]
    halo: int
    ahead: int = 0

    @property
    def start(self) -> int:
        """The first position that the rank owns."""
        return self.windows[0].write_start

    @property
    def stop(self) -> int:
        """The first position behind the segment."""
        return self.windows[-1].stop


def even_shares(total: int, parts: int) -> list[int]:
    """Split `total` into `parts` whole numbers that differ by at most one, the larger ones first."""
    share, rest = divmod(total, parts)
    return [share + (part < rest) for part in range(parts)]


def plan_windows(length: int, size: int, context: int) -> tuple[Window, ...]:
    """Cover `length` slots with windows that read `size` slots, the first `context` (or one more) of them only to look.

    Every slot is written by exactly one window.

    Raises: ConfigError if nothing would be left to write.
    """
    if not 0 <= context < size:
        raise ConfigError(f"engine.context is {context}; it must be between 0 and the window of {size}, less one.")
    num_windows = -(-length // (size - context))
    windows, start = [], 0
    for share in even_shares(length, num_windows):
        stop = start + share
        # A shorter queue than the window still gets its full context.
        windows.append(Window(max(stop - size, start - max(context, size - share)), start, stop))
        start = stop
    return tuple(windows)


def plan_segments(windows: Sequence[Window], num_ranks: int, chunk: int) -> tuple[Segment, ...]:
    """Give each rank a run of windows.

    Raises: ConfigError if there are more ranks than windows, or a segment is shorter than what its neighbour reads.
    """
    if num_ranks > len(windows):
        raise ConfigError(
            f"engine.ranks is {num_ranks}, but the queue has {len(windows)} window(s) to share out; "
            f"use at most {len(windows)} rank(s), or more levels."
        )
    halo = max(window.context for window in windows)
    runs, first = [], 0
    for share in even_shares(len(windows), num_ranks):
        runs.append(tuple(windows[first : first + share]))
        first += share
    reach = max(window.begun(0, windows[-1].stop).read_stop for window in runs[0])
    segments = [Segment(run, halo, max(0, reach - runs[0][-1].stop)) for run in runs]
    shortest = min(segment.stop - segment.start for segment in segments)
    if num_ranks > 1 and shortest < max(halo, chunk):
        raise ConfigError(
            f"With {num_ranks} ranks a segment has {shortest} slots, fewer than the {max(halo, chunk)} "
            "that its neighbour needs; use fewer ranks or a smaller engine.context."
        )
    return tuple(segments)
