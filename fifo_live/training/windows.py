"""Training windows: stretches of clips, some of them changing from one clip into another, with a prompt per frame.

Shapes: B windows, F frames, S captions per clip, E conditioning entries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from fifo_live.training.clips import Attributes
from fifo_live.training.latents import FAR_FRAMES

UNCONDITIONAL = 0.05  # share of windows without a conditioning (zeros), for guidance
FAR = 0.8  # share of sinks that are far frames
CROSSFADES = 0.08  # the engine cuts between prompts; blends are for those who turn that off
# A stream that moves too slowly goes on so, if the network learns to move on as the frames before did. So in some
# windows these lie: up to a turn they stand still, run backwards, at half or at double pace.
MISPACED = 0.4  # share of windows
PACES = (0.0, -1.0, 0.5, 2.0)


@dataclass(frozen=True)
class LatentDataset:
    """All clips: latents float16 (clips, frames, C, H, W), conditionings (clips, S, E) and scene numbers (clips).

    The last `far_frames` of a clip are other moments of the same shot.
    """

    latents: Tensor
    prompts: Tensor
    scenes: Tensor
    scale: float
    far_frames: int = FAR_FRAMES
    unconditional: float = UNCONDITIONAL
    attributes: Sequence[Attributes] = ()

    def real(self, clip: int, num_frames: int, behind_sink: bool, generator: torch.Generator) -> Tensor:
        """Return a stretch of a clip, unit-variance latents (F, C, H, W), the first of them a sink if asked for."""
        latent, _ = self._span(clip, torch.arange(num_frames - behind_sink), generator)
        if behind_sink:
            latent = torch.cat((self.latents[clip, self._moment(generator)].float()[None], latent))
        return latent * self.scale

    def window(self, num_frames: int, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return unit-variance latents (F, C, H, W), conditionings (F, E), a sink (C, H, W) and what to train on (F).

        The sink is any moment of the shot: what the first latent of a stream is to all later ones. Frames that do not
        move as their conditioning says are shown and not trained on.
        """
        clip = self._pick(len(self.latents), generator)
        latent, prompt, trained_F = self._sequence(clip, num_frames, generator)
        moment = self._moment(generator)
        return latent, prompt, self.latents[clip, moment].float() * self.scale, trained_F

    def _moment(self, generator: torch.Generator) -> int:
        if torch.rand(1, generator=generator) < FAR:
            return self.clip_frames + self._pick(self.far_frames, generator)
        return self._pick(self.clip_frames, generator)

    def _sequence(self, clip: int, num_frames: int, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        trained_F = torch.ones(num_frames, dtype=torch.bool)
        if torch.rand(1, generator=generator) < CROSSFADES:
            latent, prompt = self._span(clip, torch.arange(num_frames), generator)
            other = self._other(clip, generator)
            latent_2, prompt_2 = self._span(other, torch.arange(num_frames), generator)
            return *self._crossfade((latent, latent_2), (prompt, prompt_2), generator), trained_F
        moment_F = torch.arange(num_frames)
        if num_frames > 3 and torch.rand(1, generator=generator) < MISPACED:
            moment_F, trained_F = self._mispaced(num_frames, generator)
        latent, prompt = self._span(clip, moment_F, generator)
        return latent * self.scale, prompt, trained_F

    def _mispaced(self, num_frames: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return the moments (F) of a window that moves wrong up to a turn, from 0 on, and whether after it (F).

        The first frame moves with the second: in a full window a sink takes its place. Takes four frames or more.
        """
        pace = PACES[self._pick(len(PACES), generator)]
        longest = self.clip_frames - num_frames + 2 if pace > 1 else num_frames // 2  # so that the clip is long enough
        turn = 2 + self._pick(max(1, min(longest, num_frames // 2) - 1), generator)
        away_F = torch.arange(num_frames) - turn
        moment_F = torch.where(away_F < 0, (pace * away_F).round().long(), away_F)
        moment_F[0] = moment_F[1]
        return moment_F - moment_F.min(), away_F > 0

    @property
    def clip_frames(self) -> int:
        return self.latents.shape[1] - self.far_frames

    def _pick(self, count: int, generator: torch.Generator) -> int:
        return int(torch.randint(count, (1,), generator=generator))

    def _other(self, clip: int, generator: torch.Generator) -> int:
        """Another clip; in four of ten cases of the same scene."""
        if torch.rand(1, generator=generator) < 0.4:
            same = (self.scenes == self.scenes[clip]).nonzero()[:, 0]
            return int(same[self._pick(len(same), generator)])
        return self._pick(len(self.latents), generator)

    def _span(self, clip: int, moment_F: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return those moments of a clip, counted from any at which they fit in."""
        start = self._pick(self.clip_frames - int(moment_F.max()), generator)
        caption = self._pick(self.prompts.shape[1], generator)
        latent = self.latents[clip, start + moment_F].float()
        prompt = self.prompts[clip, caption] * (torch.rand(1, generator=generator) >= self.unconditional)
        return latent, prompt.expand(len(moment_F), -1)

    def _crossfade(
        self, latents: tuple[Tensor, Tensor], prompts: tuple[Tensor, Tensor], generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """Dissolve over a few frames; the prompt changes at once where the dissolve begins, or along with it."""
        num_frames = len(latents[0])
        length = self._pick(4, generator) + 1
        start = self._pick(num_frames + length, generator) - length
        part_F = ((torch.arange(num_frames) - start) / length).clamp(0, 1)
        sudden = torch.rand(1, generator=generator) < 0.6
        share_F = (part_F > 0).float() if sudden else part_F
        latent = torch.lerp(latents[0], latents[1], part_F.view(-1, 1, 1, 1)) * self.scale
        return latent, torch.lerp(prompts[0], prompts[1], share_F.view(-1, 1))
