"""The cues that a restarted worker needs to continue the same timeline."""

from fifo_live.link.messages import CueRecord

MAX_CUES = 1024
MAX_BYTES = 1 << 19
"""So much may all cues take as JSON: half of what a line to the worker may have."""


class CueHistory:
    """Cues in the order in which they were accepted; a later one wins over an earlier one from its start on."""

    def __init__(self) -> None:
        self._cues: list[CueRecord] = []
        self._num_bytes: dict[int, int] = {}
        self.next_cue = 1

    @property
    def cues(self) -> list[CueRecord]:
        """The cues that still matter."""
        return list(self._cues)

    def add(self, cue: CueRecord) -> None:
        """Note a cue that a worker has taken; the oldest are dropped beyond MAX_CUES or MAX_BYTES."""
        self._cues = [known for known in self._cues if known.cue != cue.cue] + [cue]
        self._num_bytes[cue.cue] = len(cue.model_dump_json().encode())
        while len(self._cues) > 1 and (len(self._cues) > MAX_CUES or sum(self._num_bytes.values()) > MAX_BYTES):
            self._keep(self._cues[1:])
        self.next_cue = max(self.next_cue, cue.cue + 1)

    def forget_before(self, latent: int) -> None:
        """Drop what no latent from `latent` on is born under or blended from."""
        needed = self._in_effect(latent, len(self._cues))
        while needed > 0 and self._blends(needed, latent):
            latent = self._cues[needed].start
            needed = self._in_effect(latent - 1, needed)
        self._keep(self._cues[max(needed, 0) :])

    def _keep(self, cues: list[CueRecord]) -> None:
        self._cues = cues
        self._num_bytes = {cue.cue: self._num_bytes[cue.cue] for cue in cues}

    def _in_effect(self, latent: int, end: int) -> int:
        """Return the position of the cue among the first `end` that holds at a latent; -1 for none of them."""
        return next((at for at in reversed(range(end)) if self._cues[at].start <= latent), -1)

    def _blends(self, position: int, latent: int) -> bool:
        cue = self._cues[position]
        return cue.start + cue.transition > latent
