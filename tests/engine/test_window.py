"""Windows cover the queue, segments share them out."""

import pytest

from fifo_live.engine.window import Window, plan_segments, plan_windows
from fifo_live.errors import ConfigError


@pytest.mark.parametrize("size", [4, 7, 8, 15, 16, 17, 24])
@pytest.mark.parametrize("length", [8, 15, 16, 64, 68, 136])
@pytest.mark.parametrize("lookahead", [False, True])
def test_writes_every_slot_once(length: int, size: int, lookahead: bool) -> None:
    """Every slot is written by exactly one window, with odd and even sizes, with lookahead and without."""
    windows = plan_windows(length, size, size // 2 if lookahead else 0)
    written = [slot for window in windows for slot in range(window.write_start, window.stop)]
    assert written == list(range(length))


@pytest.mark.parametrize("size", [16, 17])
def test_lookahead_reads_whole_windows(size: int) -> None:
    """With lookahead each window reads `size` slots and at least half of them only as context."""
    for window in plan_windows(8 * size, size, size // 2):
        assert window.stop - window.start == size
        assert window.context >= size // 2


def test_reference_plan() -> None:
    """The paper's f=16, n=4 with lookahead: eight windows that step by eight and read sixteen."""
    expected = [Window(8 * k - 8, 8 * k, 8 * k + 8) for k in range(8)]
    assert list(plan_windows(64, 16, 8)) == expected


def test_short_queue_keeps_its_context() -> None:
    """A queue shorter than the window is one window, with all the context that was asked for."""
    assert plan_windows(8, 12, 4) == (Window(-4, 0, 8),)
    assert plan_windows(8, 16, 4) == (Window(-8, 0, 8),)


def test_context_leaves_something_to_write() -> None:
    """A context as large as the window is an error."""
    with pytest.raises(ConfigError, match="context"):
        plan_windows(64, 16, 16)


@pytest.mark.parametrize("num_ranks", range(1, 9))
def test_segments_are_contiguous(num_ranks: int) -> None:
    """Segments follow each other without gap or overlap, also where ranks do not divide the windows."""
    windows = plan_windows(64, 16, 8)
    segments = plan_segments(windows, num_ranks, 1)
    assert [window for segment in segments for window in segment.windows] == list(windows)
    assert segments[0].start == 0 and segments[-1].stop == 64
    assert all(a.stop == b.start for a, b in zip(segments, segments[1:], strict=False))


def test_too_many_ranks() -> None:
    """More ranks than windows is an error that says how many there can be."""
    with pytest.raises(ConfigError, match="at most 1 rank"):
        plan_segments(plan_windows(8, 12, 4), 2, 1)


def test_segment_shorter_than_halo() -> None:
    """A segment that cannot fill its neighbour's halo is an error."""
    with pytest.raises(ConfigError, match="fewer than the 12"):
        plan_segments(plan_windows(32, 16, 12), 8, 1)


def test_context_before_anything_has_left() -> None:
    """A window is cut down to the context that exists, and reads as many slots behind it if the queue has them."""
    assert Window(-4, 0, 8).begun(0, 8) == Window(0, 0, 8)
    assert Window(-4, 0, 8).begun(1, 8) == Window(-1, 0, 8)
    assert [Window(-8, 0, 8).begun(left, 64) for left in (0, 3, 8, 90)] == [
        Window(0, 0, 8, ahead=8),
        Window(-3, 0, 8, ahead=5),
        Window(-8, 0, 8),
        Window(-8, 0, 8),
    ]
    assert Window(-8, 0, 8).begun(0, 12).positions == tuple(range(12))
    assert Window(8, 16, 24).begun(0, 64) == Window(8, 16, 24)


def test_a_window_can_end_sooner() -> None:
    """What lies at or behind a position is left out, of what is only read and of what is written."""
    window = Window(0, 0, 8, ahead=8)
    assert [window.until(position) for position in (20, 11, 8, 3)] == [
        window,
        Window(0, 0, 8, ahead=3),
        Window(0, 0, 8),
        Window(0, 0, 3),
    ]


@pytest.mark.parametrize(("size", "context"), [(16, 8), (16, 12), (20, 8), (24, 5)])
@pytest.mark.parametrize("num_ranks", [1, 2, 3])
def test_the_first_rank_knows_how_far_it_looks_ahead(size: int, context: int, num_ranks: int) -> None:
    """What lies ahead of the first segment is what its windows read of the next one, and never more than a halo."""
    windows = plan_windows(64, size, context)
    segments = plan_segments(windows, num_ranks, 1)
    reach = max(window.begun(0, 64).read_stop for window in segments[0].windows)
    assert {segment.ahead for segment in segments} == {reach - segments[0].stop if reach > segments[0].stop else 0}
    assert segments[0].ahead <= segments[0].halo
