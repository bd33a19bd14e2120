"""Tests of the rate at which pictures go out, with engine and clock in the test's hand."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import mean, pstdev

import pytest

from server.media.cadence import LOWEST_FPS, Cadence


@dataclass
class Run:
    """What viewers saw: when, and whether it was new; and the rate at each picture."""

    shown: list[tuple[float, bool]] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)

    def between(self, begin_s: float, end_s: float) -> list[tuple[float, bool]]:
        return [each for each in self.shown if begin_s <= each[0] < end_s]

    def num_repeats(self, begin_s: float, end_s: float) -> int:
        return sum(not is_new for _, is_new in self.between(begin_s, end_s))

    def gaps_s(self, begin_s: float, end_s: float) -> list[float]:
        new = [at_s for at_s, is_new in self.between(begin_s, end_s) if is_new]
        return [after - before for before, after in pairwise(new)]


def run(
    cadence: Cadence, engine_fps: Callable[[float], float], seconds: float, *, burst: int = 1, jitter: float = 0.0
) -> Run:
    """Let an engine make frames, `burst` at once, while there is room, and show them at the cadence's rate."""
    dice, seen = random.Random(5), Run()
    received = waiting = 0
    made_s, due_s = burst / engine_fps(0.0), 0.0
    while due_s < seconds:
        while made_s <= due_s and waiting + burst <= 2 * (4 + burst):
            received, waiting = received + burst, waiting + burst
            made_s += burst / engine_fps(made_s) * (1 + jitter * dice.uniform(-1, 1))
        made_s = max(made_s, due_s - 1 / engine_fps(due_s))
        cadence.note(due_s, received, waiting, is_live=True)
        seen.shown.append((due_s, waiting > 0))
        seen.rates.append(cadence.fps)
        waiting = max(0, waiting - 1)
        due_s += 1 / cadence.fps
    return seen


@pytest.mark.parametrize("burst", [1, 4, 8])
@pytest.mark.parametrize(
    ("nominal", "made"), [(24.0, 23.0), (24.0, 20.0), (24.0, 16.0), (24.0, 10.0), (16.0, 12.0), (16.0, 3.0)]
)
def test_a_slow_engine_is_shown_evenly(nominal: float, made: float, burst: int) -> None:
    """After a while each frame is shown once, and all for the same time; engines that make several at once too."""
    seen = run(Cadence(nominal, is_adaptive=True), lambda now_s: made, 120.0, burst=burst)
    gaps_s = seen.gaps_s(40.0, 120.0)
    assert seen.num_repeats(40.0, 120.0) == 0
    assert mean(gaps_s) == pytest.approx(1 / made, rel=0.02)
    assert pstdev(gaps_s) < 0.03 / made


def test_an_uneven_engine_does_not_make_the_rate_flutter() -> None:
    """Ticks that take a fifth more or less leave the rate within a tenth, and nearly every picture new."""
    seen = run(Cadence(24.0, is_adaptive=True), lambda now_s: 12.0, 120.0, jitter=0.2)
    rates = seen.rates[len(seen.rates) // 2 :]
    assert max(rates) < 1.1 * min(rates)
    assert seen.num_repeats(40.0, 120.0) <= 3


@pytest.mark.parametrize("made", [24.0, 30.0, 100.0])
def test_an_engine_that_keeps_up_has_the_whole_rate(made: float) -> None:
    """Nothing is changed where nothing is missing."""
    seen = run(Cadence(24.0, is_adaptive=True), lambda now_s: made, 60.0, jitter=0.1)
    assert set(seen.rates[-600:]) == {24.0} and seen.num_repeats(5.0, 60.0) == 0


def test_the_rate_follows_the_engine_down_and_up_again() -> None:
    """Soon after a change for the worse it is even, and it comes back by itself, without a repeat on the way."""
    seen = run(Cadence(24.0, is_adaptive=True), lambda now_s: 10.0 if 20.0 <= now_s < 60.0 else 100.0, 120.0)
    assert seen.num_repeats(32.0, 60.0) == 0 and seen.num_repeats(62.0, 120.0) == 0
    assert seen.rates[-1] == 24.0


@pytest.mark.parametrize("made", [100.0, 10.0])
@pytest.mark.parametrize("is_live", [True, False])
def test_a_pause_and_a_stall_tell_nothing(made: float, is_live: bool) -> None:
    """While nothing comes, the rate stays, and when frames come again the gap does not count."""
    cadence = Cadence(20.0, is_adaptive=True)
    before = run(cadence, lambda now_s: made, 60.0)
    rate, num_received = before.rates[-1], 100_000
    for tick in range(60 * 20, 70 * 20):
        cadence.note(tick / 20, num_received, 0, is_live=is_live)
        assert cadence.fps == rate
    for tick in range(70 * 20, 76 * 20):
        num_received += tick % 2 if made < 20 else 1
        cadence.note(tick / 20, num_received, 1, is_live=True)
        assert cadence.fps == pytest.approx(rate, rel=0.05)


def test_a_very_slow_engine_is_repeated() -> None:
    """So that whoever joins sees something within a second."""
    seen = run(Cadence(24.0, is_adaptive=True), lambda now_s: 0.4, 60.0)
    assert seen.rates[-1] >= LOWEST_FPS


def test_a_rate_that_was_asked_for_is_kept() -> None:
    """Not adaptive, the rate is what it is."""
    cadence = Cadence(24.0, is_adaptive=False)
    assert set(run(cadence, lambda now_s: 10.0, 30.0).rates) == {24.0}
    cadence.start_over(30.0)
    assert cadence.fps == 30.0
