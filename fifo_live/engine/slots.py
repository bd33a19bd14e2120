"""The queue as people see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from fifo_live.engine.diagonal import Diagonal
from fifo_live.engine.timeline import Timeline


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
