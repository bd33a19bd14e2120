"""Facts about how the whole-stream benchmark sums up prompts."""

import pytest

from fifo_live.bench.live import announced


@pytest.mark.parametrize(
    ("waits", "eta_s", "error_s"),
    [
        ([(1.5, 1.0), (2.0, 3.0), (5.0, None)], 2.0, -1.0),
        ([(1.5, 1.0), (2.0, 2.25)], 1.625, 0.5),
        ([(1.5, None)], None, None),
    ],
)
def test_prompts_without_announced_seconds_are_left_out(
    waits: list[tuple[float, float | None]], eta_s: float | None, error_s: float | None
) -> None:
    """The median and the worst error are of those that were announced; without any there is neither."""
    assert announced(waits) == {"eta_s": eta_s, "eta_error_s": error_s}
