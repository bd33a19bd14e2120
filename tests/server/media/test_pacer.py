"""Tests of the pacer: what is shown when, with the clock in the test's hand."""

import asyncio

import pytest

from server.media.cadence import Cadence
from server.media.frame import Shot
from server.media.frame_buffer import Source
from server.media.pacer import Pacer, next_due
from tests.server.media.frames import make_frame


class Stage:
    """A pacer with what it needs, and what it has shown."""

    def __init__(self) -> None:
        self.source = Source(lambda frames: None, 10)
        self.is_live = True
        self.shots: list[Shot] = []
        self.pacer = Pacer(self.source, lambda: self.is_live, self.shots.append, Cadence(10.0, is_adaptive=False))

    def shown(self) -> list[tuple[int, bool]]:
        return [(shot.frame.index, shot.is_repeat) for shot in self.shots]


def test_a_missing_frame_is_replaced_by_the_last() -> None:
    """Repeats are marked and counted; new frames go on where they stopped."""
    stage = Stage()
    stage.source.put(make_frame(0))
    for tick in range(3):
        stage.pacer.step(tick / 10, tick / 10)
    stage.source.put(make_frame(1))
    stage.pacer.step(0.3, 0.3)
    assert stage.shown() == [(0, False), (0, True), (0, True), (1, False)]
    assert (stage.pacer.num_late, stage.pacer.num_shown, stage.pacer.position) == (2, 2, 1)
    assert [shot.pts for shot in stage.shots] == [0, 9000, 18000, 27000]


def test_repeats_in_a_pause_are_not_late() -> None:
    """While nothing is expected, nothing is late."""
    stage = Stage()
    stage.source.put(make_frame(0))
    stage.pacer.step(0.0, 0.0)
    stage.is_live = False
    stage.pacer.step(0.1, 0.1)
    assert stage.pacer.num_late == 0


def test_nothing_but_frames_is_shown() -> None:
    """Before the first there is no picture, and after it the last one stays, also through a silence of a day."""
    stage = Stage()
    stage.pacer.step(0.0, 0.0)
    assert (stage.shown(), stage.pacer.position, stage.pacer.num_late) == ([], -1, 0)
    stage.source.put(make_frame(0))
    stage.pacer.step(0.1, 0.1)
    stage.is_live = False
    stage.pacer.step(86_400.0, 86_400.0)
    assert stage.shown() == [(0, False), (0, True)]
    assert stage.shots[1].picture is stage.shots[0].picture


@pytest.mark.parametrize(
    ("due_s", "now_s", "expected"),
    [
        (1.0, 1.02, (1.1, 0)),
        (1.0, 0.9, (1.1, 0)),
        (1.0, 1.15, (1.2, 1)),
        (1.0, 2.0, (2.1, 10)),
    ],
)
def test_missed_periods_are_left_out(due_s: float, now_s: float, expected: tuple[float, int]) -> None:
    """The next picture is on the grid and in the future, however long the process was held up."""
    next_s, missed = next_due(due_s, now_s, 0.1)
    assert next_s == pytest.approx(expected[0])
    assert missed == expected[1]


async def test_pictures_come_at_the_rate_of_the_clock() -> None:
    """Running, the pacer's time stamps lie on a grid of whole periods, and it never bursts."""
    stage = Stage()
    stage.pacer.cadence.start_over(100.0)
    stage.source.put(make_frame(0))
    running = asyncio.create_task(stage.pacer.run())
    async with asyncio.timeout(30):
        while len(stage.shots) < 10:
            await asyncio.sleep(0)
    running.cancel()
    gaps = [after.pts - before.pts for before, after in zip(stage.shots, stage.shots[1:], strict=False)]
    assert all(gap > 0 and gap % 900 <= 1 or gap % 900 == 899 for gap in gaps)


async def test_unpaced_frames_are_shown_as_they_come() -> None:
    """Without pacing each frame is shown once, and nothing in between."""
    stage = Stage()
    running = asyncio.create_task(stage.pacer.run_unpaced())
    for index in range(5):
        stage.source.put(make_frame(index))
    async with asyncio.timeout(30):
        while len(stage.shots) < 5:
            await asyncio.sleep(0)
    running.cancel()
    assert stage.shown() == [(index, False) for index in range(5)]
