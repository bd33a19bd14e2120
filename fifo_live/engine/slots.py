"""The queue as people see it."""

from dataclasses import dataclass

from fifo_live.engine.diagonal import Diagonal
from fifo_live.engine.timeline import Timeline


@dataclass(frozen=True)
class Slot:
    """One place of the queue: noise level from 0 (clean) to 1, cue, and ticks lived."""

    latent: int
    level: float
    cue: int
    age: int


def slots_of(diagonal: Diagonal, timeline: Timeline) -> list[Slot]:
    """Return the whole queue, head first; every rank knows it, since it follows from the tick and the timeline."""
    return [_slot(diagonal, timeline, position) for position in range(diagonal.schedule.length)]


def _slot(diagonal: Diagonal, timeline: Timeline, position: int) -> Slot:
    latent = diagonal.latent(position)
    level = diagonal.level(position) / diagonal.schedule.num_steps
    return Slot(latent, level, timeline.cue_at(latent).number, diagonal.age(position))
