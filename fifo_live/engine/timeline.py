"""Prompts in order: which cue a latent is born under, and how cues blend into each other.

A change takes effect from a latent index on. Latents born before it keep what they had, because the answer for an
index never changes unless a later cue deliberately starts before it (urgency).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

Blend = dict[str, float]
"""Weights of prompt texts; they sum to 1."""

NEGLIGIBLE = 1e-3
MAX_BEFORE = 24
"""How many texts a cue takes over from those before it at most: the heaviest. Each may be megabytes on every rank."""


@dataclass(frozen=True)
class Cue:
    """Prompts with the latent index at which they start and the number of latents that the transition takes.

    `before` is what was shown under the cues so far when this one starts; empty for the first one, and with cuts.
    """

    number: int
    start: int
    transition: int
    prompts: tuple[tuple[str, float], ...]
    before: Blend = field(default_factory=dict, compare=False)

    @property
    def settled(self) -> int:
        """The first latent that has the cue's own prompts and nothing of what came before."""
        return self.start + self.transition if self.before else self.start

    def share_at(self, latent: int) -> float:
        """Return how much of the transition is done at a latent at or behind the start: over 0, up to 1."""
        return min(1.0, (latent - self.start + 1) / (self.transition + 1))

    def blend_at(self, latent: int) -> Blend:
        """Return the mix for a latent at or behind the start: linear from `before` to the cue's own prompts."""
        share = self.share_at(latent) if self.before else 1.0
        total = sum(weight for _, weight in self.prompts)
        mix = {text: weight * (1 - share) for text, weight in self.before.items()}
        for text, weight in self.prompts:
            mix[text] = mix.get(text, 0.0) + share * weight / total
        kept = {text: weight for text, weight in mix.items() if weight > NEGLIGIBLE}
        scale = sum(kept.values())
        return {text: weight / scale for text, weight in kept.items()}


class Timeline:
    """The cues of a stream that can still be seen; it always holds at least one.

    A cue hides all earlier ones from its start on, so those that start no sooner are dropped: in a pause, too, there
    are hardly more cues than latents.

    With `cuts` every cue is a shot of its own: its prompts count at once, and a transition is left to the picture.
    """

    def __init__(self, first: Cue, *, cuts: bool = False) -> None:
        self._cues = [first]
        self.cuts = cuts

    @property
    def newest(self) -> Cue:
        """The cue that was added last."""
        return self._cues[-1]

    @property
    def cues(self) -> tuple[Cue, ...]:
        """The cues that still matter, in the order in which they were added."""
        return tuple(self._cues)

    def add(self, number: int, prompts: tuple[tuple[str, float], ...], start: int, transition: int = 0) -> Cue:
        """Add a cue; from `start` on it wins over all that were added before it."""
        before = {} if self.cuts else _heaviest(self.blend_at(start - 1))
        return self._put(Cue(number, start, transition, prompts, before))

    def bring_forward(self, latent: int) -> Cue:
        """Let the newest cue start at `latent` at the latest, without a transition if it has to move."""
        newest = self._cues[-1]
        if newest.start > latent:
            return self._put(replace(newest, start=latent, transition=0, before={}))
        return newest

    def _put(self, cue: Cue) -> Cue:
        # The oldest stands for what comes before all of them.
        seen = [known for known in self._cues if known.start < cue.start] or self._cues[:1]
        self._cues = [*seen, cue]
        return cue

    def cue_at(self, latent: int) -> Cue:
        """Return the cue that a latent is born under."""
        return next((cue for cue in reversed(self._cues) if cue.start <= latent), self._cues[0])

    def share_at(self, latent: int) -> float:
        """Return how far a latent's cue is into its transition: over 0, up to 1."""
        cue = self.cue_at(latent)
        return cue.share_at(max(latent, cue.start))

    def blend_at(self, latent: int) -> Blend:
        """Return the mix of prompts that a latent is born with."""
        cue = self.cue_at(latent)
        return cue.blend_at(max(latent, cue.start))

    def forget_before(self, latent: int) -> None:
        """Drop the cues that no latent from `latent` on can be born under; what they left behind lives in `before`."""
        needed = {self.cue_at(latent).number}
        self._cues = [cue for cue in self._cues if cue.start > latent or cue.number in needed]


def _heaviest(blend: Blend) -> Blend:
    heaviest = sorted(blend, key=lambda text: -blend[text])[:MAX_BEFORE]
    return {text: weight for text, weight in blend.items() if text in heaviest}


def urgent_start(levels: Iterable[tuple[int, float]], next_latent: int, urgency: float) -> int:
    """Return the latent at which an urgent cue starts: the first one in the queue that is at least so noisy.

    `levels` are (latent, noise level in 0..1) of what has been born, head first. At urgency 1 nothing of it is
    re-prompted, at 0 the whole queue is.
    """
    return next((latent for latent, level in levels if level >= urgency), next_latent)
