"""Tests of the count of wrong tokens."""

from server.http.attempts import BURST, INTERVAL_S, MAX_ADDRESSES, Attempts


def test_attempts_come_back_with_time() -> None:
    """After a burst each interval allows one more, and a long rest a whole burst."""
    attempts = Attempts()
    for _ in range(BURST):
        assert attempts.wait_s("a", 0.0) == 0
        attempts.note_wrong("a", 0.0)
    assert attempts.wait_s("a", 0.0) == INTERVAL_S
    assert attempts.wait_s("a", INTERVAL_S) == 0
    assert attempts.wait_s("b", 0.0) == 0
    late_s = 10 * BURST * INTERVAL_S
    for _ in range(BURST):
        assert attempts.wait_s("a", late_s) == 0
        attempts.note_wrong("a", late_s)
    assert attempts.wait_s("a", late_s) > 0


def test_the_table_is_bounded() -> None:
    """The addresses that have been quiet for longest are forgotten."""
    attempts = Attempts()
    for number in range(MAX_ADDRESSES):
        attempts.note_wrong(str(number), 0.0)
    for _ in range(BURST):
        attempts.note_wrong("0", 0.0)
    attempts.note_wrong("one more", 0.0)
    assert len(attempts) == MAX_ADDRESSES
    assert attempts.wait_s("0", 0.0) > 0
