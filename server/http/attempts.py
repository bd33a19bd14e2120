"""Counts wrong tokens per address, to stop guessing."""

from collections import OrderedDict

BURST = 20
INTERVAL_S = 1.0
MAX_ADDRESSES = 4096


class Attempts:
    """Allows each address BURST wrong tokens at once, and one more per INTERVAL_S.

    Of more than MAX_ADDRESSES addresses those are forgotten that have been quiet for longest. An address that has used
    up its attempts waits, whatever token it shows; no other address is held up by that.
    """

    def __init__(self) -> None:
        self._paid_until_s: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._paid_until_s)

    def wait_s(self, address: str, now_s: float) -> float:
        """Return for how long an address may not try again; 0 if it may."""
        excess_s = self._paid_until_s.get(address, now_s) - now_s - (BURST - 1) * INTERVAL_S
        return max(0.0, excess_s)

    def note_wrong(self, address: str, now_s: float) -> None:
        """Count a wrong token."""
        self._paid_until_s[address] = max(now_s, self._paid_until_s.get(address, now_s)) + INTERVAL_S
        self._paid_until_s.move_to_end(address)
        while len(self._paid_until_s) > MAX_ADDRESSES:
            self._paid_until_s.popitem(last=False)
