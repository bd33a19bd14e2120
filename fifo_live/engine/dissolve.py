"""Fading from one shot into the next, for models that cut."""

import torch
from torch import Tensor

from fifo_live.engine.timeline import Timeline


class Dissolve:
    """Blends what leaves the queue with the last latent that was shown of the shot before.

    Only what is shown is blended; the queue itself, and the context that new latents look at, stay as they are.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._cue = -1
        self._shown_CHW: Tensor | None = None
        self._still_CHW: Tensor | None = None

    def apply(self, x_FCHW: Tensor, latents: range) -> Tensor:
        """Return the latents as they are to be shown: (F, C, H, W)."""
        return torch.stack([self._show(x_CHW, latent) for x_CHW, latent in zip(x_FCHW, latents, strict=True)])

    def _show(self, x_CHW: Tensor, latent: int) -> Tensor:
        cue = self._timeline.cue_at(latent)
        if cue.number != self._cue:
            self._cue, self._still_CHW = cue.number, self._shown_CHW
        share = self._timeline.share_at(latent)
        still = self._still_CHW if share < 1 else None
        self._shown_CHW = x_CHW if still is None else torch.lerp(still, x_CHW, share)
        return self._shown_CHW
