"""The cues that a restarted worker needs, so that it goes on under the timeline that its predecessor had."""

from fifo_live.link.messages import CueRecord

MAX_CUES = 1024


class Journal:
    """Cues in the order in which they were accepted; a later one wins over an earlier one from its start on."""

    def __init__(self) -> None:
        self._cues: list[CueRecord] = []
        self.next_cue = 1

    @property
    def cues(self) -> list[CueRecord]:
        """The cues that still matter."""
        return list(self._cues)

    def add(self, cue: CueRecord) -> None:
        """Note a cue that a worker has taken; with MAX_CUES there, the oldest is dropped."""
        self._cues = [known for known in self._cues if known.cue != cue.cue][-MAX_CUES + 1 :] + [cue]
        self.next_cue = max(self.next_cue, cue.cue + 1)

    def forget_before(self, latent: int) -> None:
        """Drop what no latent from `latent` on is born under or blended from."""
        needed = self._in_effect(latent, len(self._cues))
        while needed > 0 and self._blends(needed, latent):
            latent = self._cues[needed].start
            needed = self._in_effect(latent - 1, needed)
        self._cues = self._cues[max(needed, 0) :]

    def _in_effect(self, latent: int, end: int) -> int:
        """Return the position of the cue among the first `end` that holds at a latent; -1 for none of them."""
        return next((at for at in reversed(range(end)) if self._cues[at].start <= latent), -1)

    def _blends(self, position: int, latent: int) -> bool:
        cue = self._cues[position]
        return cue.start + cue.transition > latent
