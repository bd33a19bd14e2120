"""Tests of the measured rate."""

import pytest

from server.media.rate import Rate


def test_a_steady_rate_is_known_after_two_events() -> None:
    """The rate does not depend on when within a gap one asks."""
    rate = Rate()
    assert rate.per_second(0.0) == 0.0
    for number in range(10):
        rate.add(number / 20)
    assert rate.per_second(0.45) == pytest.approx(20.0)
    assert rate.per_second(0.47) == pytest.approx(20.0, rel=0.02)


def test_a_rate_that_breaks_off_falls_to_nothing() -> None:
    """After the last event the rate sinks, and is 0 when all are too old."""
    rate = Rate(span_s=3.0)
    for number in range(10):
        rate.add(number / 10)
    assert 0 < rate.per_second(2.0) < 6
    assert rate.per_second(10.0) == 0.0
