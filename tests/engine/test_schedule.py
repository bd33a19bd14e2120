"""The schedule: one formula gives the levels of all diagonal methods."""

import pytest

from fifo_live.engine.schedule import Schedule
from fifo_live.engine.window import plan_windows
from fifo_live.errors import ConfigError

# name: (c, s, N, window, context) -> (T, queue length, windows a tick, latent-frame evaluations per latent that leaves)
TABLE = {
    "FIFO, no lookahead": ((1, 1, 64, 16, 0), (64, 64, 4, 64)),
    "FIFO, lookahead": ((1, 1, 64, 16, 8), (64, 64, 8, 128)),
    "FIFO, odd window, no lookahead": ((1, 1, 136, 17, 0), (136, 136, 8, 136)),
    "FIFO, odd window, lookahead": ((1, 1, 136, 17, 8), (136, 136, 16, 272)),
    "StreamDiT teacher": ((2, 16, 8, 16, 0), (128, 16, 1, 128)),
    "StreamDiT student": ((2, 1, 8, 16, 0), (8, 16, 1, 8)),
    "Rolling Forcing": ((3, 1, 5, 15, 0), (5, 15, 1, 5)),
    "MAGI-1": ((6, 16, 4, 24, 0), (64, 24, 1, 64)),
    "SkyReels-V2": ((5, 10, 5, 25, 0), (50, 25, 1, 50)),
    "plain clips": ((16, 50, 1, 16, 0), (50, 16, 1, 50)),
}
SCHEDULES = {name: Schedule(*row[0][:3]) for name, row in TABLE.items()}
each_schedule = pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)


@pytest.mark.parametrize("name", TABLE)
def test_table(name: str) -> None:
    """Steps, queue length, windows and work are those of the published methods."""
    (c, s, n, window, context), (num_steps, length, num_windows, work) = TABLE[name]
    schedule = Schedule(c, s, n)
    windows = plan_windows(schedule.length, window, context)
    evaluations = sum(w.stop - w.start for w in windows) * s / c
    assert (schedule.num_steps, schedule.length, len(windows), evaluations) == (num_steps, length, num_windows, work)


@each_schedule
def test_steady_levels(schedule: Schedule) -> None:
    """Once the first chunk has left, chunk j at micro-phase m takes solver step (j + 1) * s - 1 - m."""
    for tick in range(schedule.num_steps, schedule.num_steps + 3 * schedule.micro_steps):
        phase = (tick - schedule.num_steps) % schedule.micro_steps
        head = schedule.head(tick)
        for j in range(schedule.levels):
            assert schedule.level(head + j, tick) - 1 == (j + 1) * schedule.micro_steps - 1 - phase
            assert schedule.is_due(head + j, tick)


@each_schedule
def test_every_chunk_takes_every_step_once(schedule: Schedule) -> None:
    """From its first tick to its last a chunk visits the levels T, T-1, ... 1, also during the start."""
    for chunk in range(2 * schedule.levels):
        ticks = [tick for tick in range(4 * schedule.num_steps) if schedule.is_due(chunk, tick)]
        assert [schedule.level(chunk, tick) for tick in ticks] == list(range(schedule.num_steps, 0, -1))


@each_schedule
def test_leaves_clean(schedule: Schedule) -> None:
    """The head leaves right after the step that ends at level 0, one chunk every s ticks."""
    leaving = [tick for tick in range(4 * schedule.num_steps) if schedule.shifts_after(tick)]
    for number, tick in enumerate(leaving):
        assert schedule.head(tick) == number
        assert schedule.level(number, tick) == 1
        assert schedule.level(number, tick + 1) == 0
    assert leaving[0] == schedule.num_steps - 1
    assert {b - a for a, b in zip(leaving, leaving[1:], strict=False)} == {schedule.micro_steps}


@each_schedule
def test_start_waits_as_noise(schedule: Schedule) -> None:
    """At the first tick only the head is due; all others wait at the noisiest level."""
    assert [schedule.is_due(chunk, 0) for chunk in range(schedule.levels)] == [True] + [False] * (schedule.levels - 1)
    assert {schedule.level(chunk, 0) for chunk in range(schedule.levels)} == {schedule.num_steps}


@pytest.mark.parametrize("numbers", [(0, 1, 1), (1, 0, 1), (1, 1, 0), (1, 1, -3)])
def test_refuses_nothing(numbers: tuple[int, int, int]) -> None:
    """A schedule without chunks, steps or levels is an error."""
    with pytest.raises(ConfigError, match="at least 1"):
        Schedule(*numbers)
