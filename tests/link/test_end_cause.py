"""Tests of why a worker ended."""

from fifo_live.link.end_cause import Cause
from fifo_live.link.messages import Failed

LOST = Failed(code="rank_lost", message="One of the ranks has ended.")
BROKEN = Failed(code="bad_model", message="The model is broken.", fatal=True)


def test_the_first_failure_is_the_cause() -> None:
    """What others say of it afterwards is not."""
    cause = Cause()
    cause.note(BROKEN)
    cause.note(LOST)
    cause.note(Failed(code="worker_failed", message="Something else."))
    assert cause.sentence("The end.") == "The model is broken." and cause.is_fatal


def test_an_echo_is_not_the_cause() -> None:
    """Also when the rank that missed another one was quicker to say so."""
    cause = Cause()
    cause.note(LOST)
    cause.note(BROKEN)
    assert cause.sentence("The end.") == "The model is broken." and cause.is_fatal


def test_without_words_the_end_is_told() -> None:
    """Which process ended, and how, is all there is to say."""
    cause = Cause()
    assert cause.sentence("The worker ended (signal SIGKILL).") == "The worker ended (signal SIGKILL)."
    cause.note(LOST)
    assert cause.sentence("(rank 1: signal SIGKILL)") == "One of the ranks has ended. (rank 1: signal SIGKILL)"
    assert not cause.is_fatal
