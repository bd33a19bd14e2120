"""Shots: where one begins, what a window may see of it, which latent stands in front, and how its picture comes up.

Shape suffixes: F latent frames, C channels, H and W latent height and width.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

import torch
from torch import Tensor

from fifo_live.engine.timeline import Timeline
from fifo_live.engine.window import Window


@dataclass(frozen=True)
class Emitted:
    """Clean latents that have left the queue: x0, (F, C, H, W), with the index and cue of each.

    `begins` are those with which a shot begins: the first one after a start, and after each cut.
    """

    x_FCHW: Tensor
    latents: range
    cues: tuple[int, ...]
    begins: tuple[int, ...] = ()


class Shots:
    """The shots of a stream. If the timeline cuts, every cue is one; otherwise only a start begins a shot.

    The sink is the clean latent in front of every window, for models whose first position is special. It is the first
    latent of the scene that is shown, and stays for as long as the scene does. The first latent after a start begins a
    scene, and so does the first that is born under a cue alone: with cuts the first of the shot, otherwise the first
    behind the transition. Until that one is clean the old sink stays, except that with cuts no shot sees that of
    another.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._origin = 0
        self._sink: int | None = None
        self._shown_cue = -1
        self._shown_CHW: Tensor | None = None
        self._still_CHW: Tensor | None = None

    def begin(self, origin: int) -> None:
        """Begin anew at a latent, without a sink; what was shown last is still there to be faded from."""
        self._origin = origin
        self._sink = None

    def begins(self, latent: int) -> bool:
        """Return whether a shot begins with a latent."""
        is_cut = self._timeline.cuts and self._timeline.cue_at(latent).start == latent
        return is_cut or latent == self._origin

    def views(self, window: Window, head: int) -> Iterator[Window]:
        """Yield the window, or its parts if it spans several shots, each with the sink in front that it may see.

        `head` is the latent at the head of the queue. No part looks across a cut.
        """
        for part in self._parts(window, head) if self._timeline.cuts else (window,):
            yield self._behind_sink(part, head)

    def choose_sink(self, latents: range) -> int | None:
        """Return which of the latents that have just left becomes the sink; None if the present one stays."""
        first = max((latent for latent in latents if self._begins_scene(latent)), default=None)
        self._sink = self._sink if first is None else first
        return first

    def dissolve(self, x_FCHW: Tensor, latents: range) -> Tensor:
        """Return latents that leave as they are to be shown: (F, C, H, W).

        With cuts a new shot comes up over the last latent shown of the one before. Only what is shown is blended; the
        queue itself, and the context that new latents look at, stay as they are.
        """
        if not self._timeline.cuts:
            return x_FCHW
        return torch.stack([self._show(x_CHW, latent) for x_CHW, latent in zip(x_FCHW, latents, strict=True)])

    def _parts(self, window: Window, head: int) -> Iterator[Window]:
        positions = range(window.start, window.read_stop)
        for _, run in groupby(positions, key=lambda position: self._cue(head + position)):
            seen = list(run)
            part = replace(window, start=seen[0], write_start=max(seen[0], window.write_start)).until(seen[-1] + 1)
            if part.write_start < part.stop:
                yield part

    def _behind_sink(self, window: Window, head: int) -> Window:
        """Return the window with the sink in front.

        A window whose context reaches back to the sink begins there: nothing comes before a beginning.
        """
        if self._sink is None or (self._timeline.cuts and self._cue(self._sink) != self._cue(head + window.start)):
            return window
        position = self._sink - head
        return replace(window, sink=position) if position < window.start else replace(window, start=position)

    def _begins_scene(self, latent: int) -> bool:
        return latent == self._origin or self._timeline.cue_at(latent).settled == latent

    def _show(self, x_CHW: Tensor, latent: int) -> Tensor:
        cue = self._cue(latent)
        if cue != self._shown_cue:
            self._shown_cue, self._still_CHW = cue, self._shown_CHW
        share = self._timeline.share_at(latent)
        still = self._still_CHW if share < 1 else None
        self._shown_CHW = x_CHW if still is None else torch.lerp(still, x_CHW, share)
        return self._shown_CHW

    def _cue(self, latent: int) -> int:
        return self._timeline.cue_at(latent).number
