"""Limits the connections that are not established yet, and picks which one to close."""

from collections import Counter
from collections.abc import Iterable
from typing import Protocol, TypeVar

MAX_WAITING = 32
MAX_SILENT_PER_SUBSCRIBER = 8


class Waiting(Protocol):
    """An offer that was answered, and whose connection does not stand yet."""

    @property
    def subscriber(self) -> str:
        """Where it came from."""

    @property
    def is_alive(self) -> bool:
        """Whether anything was heard by the connection to be."""


W = TypeVar("W", bound=Waiting)


def surplus(waiting: Iterable[W]) -> W | None:
    """Return the one that has to go, of those that wait, the oldest first; None if there is room for all.

    Of one subscriber only a few may be silent, and the oldest of them goes. If all together are too many, the oldest of
    the subscriber with the most goes, whether it is silent or not: whoever comes new always has a moment to connect.
    """
    ordered = list(waiting)
    silent = Counter(each.subscriber for each in ordered if not each.is_alive)
    for each in ordered:
        if not each.is_alive and silent[each.subscriber] > MAX_SILENT_PER_SUBSCRIBER:
            return each
    if len(ordered) <= MAX_WAITING:
        return None
    total = Counter(each.subscriber for each in ordered)
    most = max(total.values())
    return next(each for each in ordered if total[each.subscriber] == most)
