"""Noise that belongs to the latent, not to the moment or the rank that asks for it.

Philox (Salmon et al., SC 2011) is counter-based: the key is the seed, the counter says which latent, which level, and
how often the queue was dropped before. Its first word counts the numbers that are drawn.
"""

from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor


def latent_noise(seed: int, latent: int, level: int, shape: tuple[int, ...], num_cuts: int = 0) -> Tensor:
    """Return standard normal noise, float32 of `shape`, the same for the same arguments on every machine."""
    bits = np.random.Philox(key=seed, counter=[0, num_cuts, level, latent])
    return torch.from_numpy(np.random.Generator(bits).standard_normal(shape, np.float32))


def stacked_noise(
    seed: int, latents: Iterable[int], levels: Iterable[int], shape: tuple[int, ...], num_cuts: int = 0
) -> Tensor:
    """Return the noise of several latents, each at its own level: (F, *shape)."""
    return torch.stack(
        [latent_noise(seed, latent, level, shape, num_cuts) for latent, level in zip(latents, levels, strict=True)]
    )
