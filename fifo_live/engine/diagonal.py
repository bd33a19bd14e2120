"""The diagonal at one moment: positions, chunks, latents, levels and pixel frames at the current tick."""

from collections.abc import Sequence
from dataclasses import dataclass

from fifo_live.engine.schedule import Schedule
from fifo_live.engine.timeline import Timeline
from fifo_live.models.contract import ModelSpec


@dataclass(frozen=True)
class Origin:
    """Where the numbering of latents and pixel frames begins; a cut or a restart begins anew behind what was shown.

    `num_cuts` counts the queues that were dropped so far: the same latents are born again, and get other noise.
    """

    latent: int = 0
    frame: int = 0
    num_cuts: int = 0


class Diagonal:
    """The schedule at one moment. Positions count from the head of the queue; negative ones are what has left."""

    def __init__(self, schedule: Schedule, spec: ModelSpec, origin: Origin) -> None:
        self.schedule = schedule
        self.origin = origin
        self.tick = 0
        self._frames_per_latent = spec.frames_per_latent

    @property
    def head(self) -> int:
        """The chunk that leaves next."""
        return self.schedule.head(self.tick)

    @property
    def next_chunk(self) -> int:
        """The first chunk that has not begun."""
        return -(-self.tick // self.schedule.micro_steps)

    @property
    def next_latent(self) -> int:
        """The first latent that has not begun: the first one that a new cue can reach without re-prompting."""
        return self._first_latent(self.next_chunk)

    @property
    def num_left(self) -> int:
        """How many latents have left the queue."""
        return self.latent(0) - self.origin.latent

    @property
    def waiting(self) -> int:
        """The first position that does not take a step in this tick, because its turn has not come."""
        return (self.tick // self.schedule.micro_steps + 1 - self.head) * self.schedule.chunk

    @property
    def head_frame(self) -> int:
        """The pixel frame that leaves the queue next."""
        return self.frame_of(self.latent(0))

    @property
    def warmth(self) -> tuple[int, int]:
        """How many of the ticks that come before the first latent leaves are done: (done, all)."""
        return min(self.tick, self.schedule.num_steps), self.schedule.num_steps

    @property
    def is_shifting(self) -> bool:
        """Whether the head leaves at the end of this tick."""
        return self.schedule.shifts_after(self.tick)

    def advance(self) -> None:
        """End the tick."""
        self.tick += 1

    def chunk(self, position: int) -> int:
        """Return the number of the chunk at a position."""
        return self.head + position // self.schedule.chunk

    def latent(self, position: int) -> int:
        """Return the index of the latent at a position."""
        return self._first_latent(self.head) + position

    def level(self, position: int) -> int:
        """Return the noise level at a position: 0 is clean, `num_steps` pure noise."""
        return self.schedule.level(self.chunk(position), self.tick) if position >= 0 else 0

    def is_due(self, position: int) -> bool:
        """Tell whether the latent at a position takes a step in this tick."""
        return self.schedule.is_due(self.chunk(position), self.tick)

    def age(self, position: int) -> int:
        """Return the number of steps that the latent at a position has taken."""
        return max(0, self.tick - self.chunk(position) * self.schedule.micro_steps)

    def frame_of(self, latent: int) -> int:
        """Return the index of the first pixel frame that shows a latent."""
        return self.origin.frame + max(0, latent - self.origin.latent) * self._frames_per_latent

    def _first_latent(self, chunk: int) -> int:
        return self.origin.latent + chunk * self.schedule.chunk


@dataclass(frozen=True)
class Slot:
    """One place of the queue: noise level from 0 (clean) to 1 (nothing but noise), cue, and ticks lived."""

    latent: int
    level: float
    cue: int
    age: int


def slots_of(diagonal: Diagonal, timeline: Timeline, sigma: Sequence[float]) -> list[Slot]:
    """Return the whole queue, head first; every rank knows it, since it follows from the tick and the timeline.

    `sigma` is how much noise a latent holds at each level of the schedule.
    """
    return [_slot(diagonal, timeline, sigma, position) for position in range(diagonal.schedule.length)]


def _slot(diagonal: Diagonal, timeline: Timeline, sigma: Sequence[float], position: int) -> Slot:
    latent = diagonal.latent(position)
    return Slot(latent, sigma[diagonal.level(position)], timeline.cue_at(latent).number, diagonal.age(position))
