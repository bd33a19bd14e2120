"""A discriminator: tells windows of streams from windows of drawn clips, both as noisy as the queue has them.

It is the first half of a trained denoiser, with heads that rate every frame (adversarial diffusion distillation in
latents: arXiv 2403.12015). It sees whole windows, so what shows through the noise of each level is what counts
(denoising diffusion GANs: arXiv 2112.07804); and what is asked for, so a clip with another prompt than its own is worse
than with its own (matching-aware discriminators: arXiv 1605.05396). A stream is rated against a clip of the same
prompt, and ratings are regularised (R3GAN: arXiv 2501.05441; by small noise instead of gradients: arXiv 2501.08316).
Shapes: B windows, F frames, S heads, C channels, H W latent size, E conditioning entries.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from fifo_live.bundled.unet import VideoUNet, normed

DEPTH = 3  # of the denoiser's coarse blocks
HEAD_WIDTH = 96
PERTURBATION = 0.1  # noise that ratings must not depend on
CONSISTENCY_WEIGHT = 300.0  # weight of the difference that it makes
MISMATCH_WEIGHT = 0.5  # weight of clips with a wrong prompt


class Discriminator(nn.Module):
    def __init__(self, denoiser: VideoUNet) -> None:
        super().__init__()
        trunk = copy.deepcopy(denoiser).requires_grad_(True)
        del trunk.up, trunk.join, trunk.rising, trunk.last
        trunk.middle, trunk.attention = trunk.middle[:DEPTH], trunk.attention[:DEPTH]
        self.trunk = trunk
        width = trunk.down.out_channels
        self.heads = nn.ModuleList(
            nn.Sequential(nn.Conv2d(width, HEAD_WIDTH, 1), nn.SiLU(), nn.Conv2d(HEAD_WIDTH, 1, 1)) for _ in trunk.middle
        )

    def forward(self, x_BFCHW: Tensor, t_F: Tensor, cond_BE: Tensor) -> Tensor:
        """Return ratings (B, F, S): the higher, the more like a clip that was drawn as asked for."""
        batch, num_frames = x_BFCHW.shape[:2]
        with torch.autocast("cpu", torch.bfloat16):
            t_BF, cond_BFE = t_F.expand(batch, -1), cond_BE[:, None].expand(-1, num_frames, -1)
            embedding, _, inner = self.trunk.fall(x_BFCHW, t_BF, cond_BFE)
            ratings = []
            for block, attention, head in zip(self.trunk.middle, self.trunk.attention, self.heads, strict=True):
                inner = attention(block(inner, embedding, num_frames), num_frames)
                ratings.append(head(normed(inner)).float().mean((1, 2, 3)).view(batch, num_frames))
        return torch.stack(ratings, dim=-1)


@dataclass(frozen=True)
class DiscriminatorBatch:
    """Windows (B, F, C, H, W) of streams and of clips at the same times, their prompts, and other prompts."""

    fake: Tensor
    real: Tensor
    t_F: Tensor
    asked_BE: Tensor
    mismatched_BE: Tensor


@dataclass(frozen=True)
class Scores:
    """The discriminator's loss, and its ratings (B, F, S)."""

    loss: Tensor
    fake: Tensor
    real: Tensor
    mismatched: Tensor


def discriminator_loss(discriminator: Discriminator, batch: DiscriminatorBatch, generator: torch.Generator) -> Scores:
    """Rate streams, clips, and clips with a prompt that is not their own."""
    both = torch.cat((batch.fake.detach(), batch.real))
    asked = torch.cat((batch.asked_BE, batch.asked_BE))
    ratings = discriminator(torch.cat((both, batch.real)), batch.t_F, torch.cat((asked, batch.mismatched_BE)))
    fake, real, mismatched = ratings.chunk(3)
    perturbed = discriminator(both + PERTURBATION * torch.randn(both.shape, generator=generator), batch.t_F, asked)
    inconsistency = (perturbed - ratings[: len(both)]).square().mean()
    loss = nnf.softplus(fake - real).mean() + MISMATCH_WEIGHT * nnf.softplus(mismatched - real).mean()
    return Scores(loss + CONSISTENCY_WEIGHT * inconsistency, fake.detach(), real.detach(), mismatched.detach())


def generator_loss(discriminator: Discriminator, batch: DiscriminatorBatch, real: Tensor) -> Tensor:
    """Generator loss: how far windows of streams are rated below those of clips, whose ratings are given."""
    return nnf.softplus(real - discriminator(batch.fake, batch.t_F, batch.asked_BE)).mean()
