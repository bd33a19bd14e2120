"""The number of windows that go through the network together."""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TypeVar

import torch

from fifo_live.engine.window import Window

Result = TypeVar("Result")


def unreported(_sentence: str) -> None:
    """Tell nobody."""


class Batches:
    """Groups windows of one length, at most `limit` to a forward; fewer once there was no memory for so many."""

    def __init__(self, limit: int, report: Callable[[str], None]) -> None:
        self.limit = limit
        self._report = report

    def __call__(self, windows: Sequence[Window]) -> list[list[Window]]:
        """Return the windows in groups, in their order."""
        groups = [list(group) for _, group in groupby(windows, key=lambda window: len(window.positions))]
        return [group[i : i + self.limit] for group in groups for i in range(0, len(group), self.limit)]

    def run(self, windows: Sequence[Window], forward: Callable[[Sequence[Window]], Result]) -> list[Result]:
        """Return what `forward` makes of each group.

        Raises: torch.OutOfMemoryError if there is no memory for a single window.
        """
        results: list[Result] = []
        rest = list(windows)
        while rest:
            batch = self(rest)[0]
            try:
                results.append(forward(batch))
            except torch.OutOfMemoryError:
                if len(batch) == 1:
                    raise
                self.limit = (len(batch) + 1) // 2
            else:
                rest = rest[len(batch) :]
                continue
            # Out of the handler: what has failed no longer holds the memory that it took.
            self._make_room(len(batch))
        return results

    def _make_room(self, tried: int) -> None:
        torch.cuda.empty_cache()
        self._report(
            f"There was no memory for {tried} windows at once; from now on {self.limit} go through the network "
            "together."
        )
