"""Limits retransmission to a viewer that loses packets."""

SHARE = 0.5
"""Of what was sent; a link that loses more than a third is not helped by more."""
MAX_SAVED_BYTES = 128 * 1024
FIRST_BYTES = 32 * 1024


class RetransmissionBudget:
    """Grows with what is sent for the first time, so that it follows the stream's bitrate without a clock."""

    def __init__(self) -> None:
        self._left_bytes: float = FIRST_BYTES
        self.num_refused = 0

    def note_sent(self, num_bytes: int) -> None:
        """Note what went out for the first time."""
        self._left_bytes = min(MAX_SAVED_BYTES, self._left_bytes + SHARE * num_bytes)

    def may_send(self, num_bytes: int) -> bool:
        """Return whether so much may go out again, and take it off."""
        if num_bytes > self._left_bytes:
            self.num_refused += 1
            return False
        self._left_bytes -= num_bytes
        return True
