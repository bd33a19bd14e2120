"""Tests of when a frame will be shown."""

import pytest

from server.control.forecast import LONG_S, SHORT_S, Forecast


def delivered(*gaps_s: float, begin_s: float = 100.0) -> tuple[Forecast, float]:
    """Return a forecast that has seen frames with such gaps, and when the last one came."""
    forecast, now_s = Forecast(), begin_s
    forecast.note_frame(now_s)
    for gap_s in gaps_s:
        now_s += gap_s
        forecast.note_frame(now_s)
    return forecast, now_s


@pytest.mark.parametrize(
    ("num_ahead", "num_buffered", "delivered_fps", "expected"),
    [
        (50, 0, 25.0, 2.0),
        (50, 0, 100.0, 2.0),
        (50, 0, 10.0, 5.0),
        (50, 20, 10.0, 3.0),
        (50, 50, 1.0, 2.0),
        (50, 60, 0.0, 2.0),
        (0, 0, 10.0, 0.0),
        (-3, 0, 10.0, 0.0),
    ],
)
def test_the_slower_of_making_and_showing_counts(
    num_ahead: int, num_buffered: int, delivered_fps: float, expected: float
) -> None:
    """What is made already needs only to be shown, at 25 frames a second here; the rest has to be made first."""
    assert Forecast().seconds_until(num_ahead, num_buffered, 25.0, delivered_fps) == pytest.approx(expected)


def test_a_hiccup_changes_little() -> None:
    """Two seconds without a frame among ten do not turn ten frames a second into three."""
    forecast, now_s = delivered(*[0.1] * 90, 2.0, *[0.1] * 5)
    assert 7.5 < forecast.delivered_per_second(now_s) < 10


def test_a_rise_is_followed_at_once_and_a_fall_soon() -> None:
    """Whatever lasts shows."""
    forecast, now_s = delivered(*[0.1] * 100, *[0.05] * round(SHORT_S / 0.05))
    assert forecast.delivered_per_second(now_s) == pytest.approx(20, rel=0.05)
    forecast, now_s = delivered(*[0.05] * 100, *[0.1] * round(LONG_S / 0.1))
    assert forecast.delivered_per_second(now_s) == pytest.approx(10, rel=0.05)


def test_a_rest_does_not_count() -> None:
    """After a pause the rate is that of the frames since."""
    forecast, now_s = delivered(*[0.1] * 20)
    forecast.begin_again()
    assert forecast.delivered_per_second(now_s) == 0
    for number in range(20):
        forecast.note_frame(now_s + 5 + number / 20)
    assert forecast.delivered_per_second(now_s + 5.95) == pytest.approx(20, rel=0.05)
