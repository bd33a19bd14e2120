"""Tests of who has to go when too many offers wait."""

from dataclasses import dataclass

from server.media.outputs.webrtc.waiting import MAX_SILENT_PER_SUBSCRIBER, MAX_WAITING, surplus


@dataclass
class Offered:
    """An offer that waits."""

    number: int
    subscriber: str = "192.0.2.1"
    is_alive: bool = False


def test_the_oldest_silent_one_of_a_subscriber_goes() -> None:
    """One more than a subscriber may have: the oldest that was never heard goes, and nobody else's."""
    others = [Offered(-1, "198.51.100.9"), Offered(-2, is_alive=True)]
    waiting = [Offered(number) for number in range(MAX_SILENT_PER_SUBSCRIBER)]
    assert surplus([*others, *waiting]) is None
    assert surplus([*others, *waiting, Offered(99)]) is waiting[0]


def test_who_connects_does_not_count_as_silent() -> None:
    """Many behind one address may connect at the same time."""
    assert surplus([Offered(number, is_alive=True) for number in range(MAX_WAITING)]) is None


def test_of_all_the_subscriber_with_the_most_gives_way() -> None:
    """When all together are too many, the oldest of whoever has the most goes, and never the newest."""
    connecting = [Offered(number, is_alive=True) for number in range(MAX_WAITING)]
    honest = Offered(100, "198.51.100.9")
    assert surplus([honest, *connecting]) is connecting[0]
    assert surplus([*connecting, Offered(101)]) is connecting[0]


def test_many_subscribers_are_bounded_too() -> None:
    """However many addresses there are, only so many wait; the oldest silent one goes."""
    waiting = [Offered(number, f"192.0.2.{number}") for number in range(MAX_WAITING + 1)]
    assert surplus(waiting[1:]) is None
    assert surplus(waiting) is waiting[0]
