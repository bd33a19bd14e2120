"""Training windows: stretches of clips, some of them changing from one clip into another, with a prompt per frame.

Shapes: B windows, F frames, S captions per clip, E conditioning entries.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

CROSSFADES = 0.08  # the engine cuts between prompts; blends are for those who turn that off


@dataclass(frozen=True)
class Shelf:
    """All clips: latents float16 (clips, frames, C, H, W), conditionings (clips, S, E) and scene numbers (clips)."""

    latents: Tensor
    prompts: Tensor
    scenes: Tensor
    scale: float

    def window(self, num_frames: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return unit-variance latents (F, C, H, W) and conditionings (F, E)."""
        clip = self._pick(len(self.latents), generator)
        latent, prompt = self._stretch(clip, num_frames, generator)
        if torch.rand(1, generator=generator) < CROSSFADES:
            other = self._other(clip, generator)
            latent_2, prompt_2 = self._stretch(other, num_frames, generator)
            return self._crossfade((latent, latent_2), (prompt, prompt_2), generator)
        return latent * self.scale, prompt

    def _pick(self, count: int, generator: torch.Generator) -> int:
        return int(torch.randint(count, (1,), generator=generator))

    def _other(self, clip: int, generator: torch.Generator) -> int:
        """Another clip; in four of ten cases of the same scene."""
        if torch.rand(1, generator=generator) < 0.4:
            same = (self.scenes == self.scenes[clip]).nonzero()[:, 0]
            return int(same[self._pick(len(same), generator)])
        return self._pick(len(self.latents), generator)

    def _stretch(self, clip: int, num_frames: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        start = self._pick(self.latents.shape[1] - num_frames + 1, generator)
        caption = self._pick(self.prompts.shape[1], generator)
        latent = self.latents[clip, start : start + num_frames].float()
        return latent, self.prompts[clip, caption].expand(num_frames, -1)

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
