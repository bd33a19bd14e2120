"""Tests of how much is sent again."""

from server.media.retransmission import FIRST_BYTES, MAX_SAVED_BYTES, SHARE, RetransmissionBudget


def test_half_of_the_stream_may_go_out_again() -> None:
    """Whatever a viewer asks for, its retransmissions stay below a share of what was sent."""
    budget = RetransmissionBudget()
    sent = again = 0
    for _ in range(2000):
        budget.note_sent(1000)
        sent += 1000
        for _ in range(4):
            again += 1000 * budget.may_send(1000)
    assert SHARE * sent - 2000 <= again <= SHARE * sent + FIRST_BYTES
    assert budget.num_refused > 0


def test_a_first_loss_is_mended_at_once() -> None:
    """The very first picture may be repaired, before anything was saved."""
    assert RetransmissionBudget().may_send(1200)


def test_little_is_saved() -> None:
    """A viewer who lost nothing for an hour cannot ask for an hour at once."""
    budget = RetransmissionBudget()
    budget.note_sent(10**9)
    assert sum(budget.may_send(1000) for _ in range(1000)) == MAX_SAVED_BYTES // 1000
