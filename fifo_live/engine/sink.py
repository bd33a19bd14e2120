"""The clean latent in front of every window, for models whose first position is special: trained to be the sharp
beginning of a clip, or the place to which attention drains.
"""

from dataclasses import replace

from fifo_live.engine.timeline import Timeline
from fifo_live.engine.window import Window


class Sink:
    """Knows which latent is the sink: the first one of the scene that is shown.

    It stays for as long as the scene does. The first latent after a start begins a scene, and so does the first that is
    born under a cue alone: with cuts the first of the shot, otherwise the first behind the transition. Until that one
    is clean the old sink stays, except that with cuts no shot sees that of another.
    """

    def __init__(self, timeline: Timeline, origin: int, *, cuts: bool) -> None:
        self._timeline = timeline
        self._origin = origin
        self._cuts = cuts
        self._latent: int | None = None

    def choose(self, latents: range) -> int | None:
        """Return which of the latents that have just left becomes the sink; None if the present one stays."""
        first = max((latent for latent in latents if self._begins_scene(latent)), default=None)
        self._latent = self._latent if first is None else first
        return first

    def before(self, window: Window, head: int) -> Window:
        """Return the window with the sink in front, where `head` is the latent at the head of the queue.

        A window whose context reaches back to the sink begins there: nothing comes before a beginning.
        """
        if self._latent is None or (self._cuts and self._cue(self._latent) != self._cue(head + window.start)):
            return window
        position = self._latent - head
        return replace(window, sink=position) if position < window.start else replace(window, start=position)

    def _begins_scene(self, latent: int) -> bool:
        return latent == self._origin or self._timeline.cue_at(latent).settled == latent

    def _cue(self, latent: int) -> int:
        return self._timeline.cue_at(latent).number
