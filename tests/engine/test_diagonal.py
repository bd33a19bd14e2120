"""Who stands where, at one moment."""

from dataclasses import replace

from fifo_live.engine.diagonal import Diagonal, Origin, Slot, slots_of
from fifo_live.engine.schedule import Schedule
from fifo_live.engine.timeline import Cue, Timeline
from tests.toy import FIFO_SPEC


def at(tick: int, schedule: Schedule, origin: Origin = Origin(100, 1000)) -> Diagonal:  # noqa: B008
    diagonal = Diagonal(schedule, replace(FIFO_SPEC, frames_per_latent=4), origin)
    diagonal.tick = tick
    return diagonal


def test_positions_of_a_steady_queue() -> None:
    """Levels rise by one chunk after the other from the head; what is in front of the head is clean."""
    diagonal = at(10, Schedule(2, 1, 4))
    assert [diagonal.latent(position) for position in range(8)] == list(range(114, 122))
    assert [diagonal.level(position) for position in range(-2, 8)] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert [diagonal.age(position) for position in range(8)] == [3, 3, 2, 2, 1, 1, 0, 0]


def test_the_tail_has_not_begun() -> None:
    """Before each tick the tail chunk is still pure noise: it is the next one that a cue can reach."""
    diagonal = at(10, Schedule(2, 1, 4))
    assert diagonal.next_latent == diagonal.latent(6) == 120


def test_between_two_shifts() -> None:
    """In the middle of the micro-steps every chunk of the queue has begun; the next one is not born yet."""
    diagonal = at(14, Schedule(1, 4, 3))
    assert diagonal.head == 1
    assert diagonal.next_latent == diagonal.latent(3)
    assert not diagonal.is_shifting and at(15, Schedule(1, 4, 3)).is_shifting


def test_frames_follow_latents() -> None:
    """Frames are counted from the origin, so many for each latent."""
    diagonal = at(0, Schedule(1, 1, 4))
    assert [diagonal.frame_of(latent) for latent in (100, 101, 103)] == [1000, 1004, 1012]
    assert diagonal.head_frame == 1000


def test_a_tick_advances_the_diagonal() -> None:
    """With two ticks to a shift everyone goes down by a level, then the head leaves and its neighbour follows."""
    diagonal, seen = at(10, Schedule(1, 2, 3)), []
    for _ in range(3):
        seen.append((diagonal.head, [diagonal.level(position) for position in range(3)], diagonal.is_shifting))
        diagonal.advance()
    assert seen == [(3, [2, 4, 6], False), (3, [1, 3, 5], True), (4, [2, 4, 6], False)]


def test_slots_tell_what_is_where() -> None:
    """Head first: the latent, how much noise it holds, its cue and its age."""
    timeline = Timeline(Cue(0, 0, 0, (("sea", 1.0),)))
    timeline.add(1, (("fire", 1.0),), start=106)
    slots = slots_of(at(7, Schedule(1, 1, 4)), timeline, [0.0, 0.1, 0.5, 0.9, 1.0])
    assert slots == [Slot(104, 0.1, 0, 3), Slot(105, 0.5, 0, 2), Slot(106, 0.9, 1, 1), Slot(107, 1.0, 1, 0)]
