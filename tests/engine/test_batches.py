"""Windows share forwards as far as there is memory."""

from collections.abc import Callable, Sequence

import pytest
import torch

from fifo_live.engine.batches import Batches
from fifo_live.engine.window import Window, plan_windows

WINDOWS = plan_windows(64, 16, 8)


def batches(limit: int) -> tuple[Batches, list[str]]:
    said: list[str] = []
    return Batches(limit, said.append), said


def with_room_for(room: int, seen: list[int]) -> Callable[[Sequence[Window]], list[int]]:
    """A forward that has memory for so many windows."""

    def forward(windows: Sequence[Window]) -> list[int]:
        if len(windows) > room:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 28.2 GiB.")
        seen.append(len(windows))
        return [window.stop for window in windows]

    return forward


def test_windows_of_one_length_go_together() -> None:
    """No forward has more windows than the limit, none has windows of two lengths, and their order is kept."""
    one, _ = batches(1)
    assert one(WINDOWS) == [[window] for window in WINDOWS]
    three, _ = batches(3)
    assert [len(group) for group in three(WINDOWS)] == [3, 3, 2]
    mixed = [*WINDOWS[:2], Window(0, 0, 4), *WINDOWS[2:4]]
    assert [len(group) for group in three(mixed)] == [2, 1, 2]


@pytest.mark.parametrize(("room", "limit", "said"), [(8, 8, 0), (4, 4, 1), (3, 2, 2), (1, 1, 3)])
def test_too_little_memory_halves_what_goes_together(room: int, limit: int, said: int) -> None:
    """Nothing is lost or done twice, it is told once for each halving, and the next tick begins with what fitted."""
    together, sentences = batches(8)
    for tick in range(2):
        seen: list[int] = []
        written = together.run(WINDOWS, with_room_for(room, seen))
        assert [stop for part in written for stop in part] == [window.stop for window in WINDOWS], tick
        assert max(seen) == together.limit == limit and sum(seen) == 8
        assert len(sentences) == said
    if said:
        assert sentences[0].startswith("There was no memory for 8 windows at once; from now on 4 go through")


def test_one_window_has_to_fit() -> None:
    """Where there is no memory for a single window, that is the error."""
    with pytest.raises(torch.OutOfMemoryError):
        batches(8)[0].run(WINDOWS, with_room_for(0, []))
