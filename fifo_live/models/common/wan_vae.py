"""Wan's causal video autoencoder (2.1 and 2.2), decoded latent by latent; others' models use it too.

Shape suffixes: F latents or pictures, C latent channels, 3 RGB, H and W height and width.
"""

from typing import Any

import diffusers
import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import unpatchify
from torch import Tensor

from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.common.decoders import CausalDecoder

Cache = list[Any]
"""What each convolution of the decoder keeps of the latents before."""


class WanVae:
    """Latents are as the network sees them: of mean 0 and deviation 1 in every channel."""

    def __init__(self, vae: Any) -> None:
        self._vae = vae
        self._mean_C11, self._std_C11 = (
            torch.tensor(values, device=vae.device)[:, None, None]
            for values in (vae.config.latents_mean, vae.config.latents_std)
        )
        convolution = type(vae.post_quant_conv)
        self._num_convolutions = sum(isinstance(module, convolution) for module in vae.decoder.modules())

    @classmethod
    def load(cls, checkpoint: Checkpoint) -> "WanVae":
        """Load the folder's `vae`.

        Raises: ModelError if something of it is missing.
        """
        return cls(checkpoint.load("vae", diffusers.AutoencoderKLWan))

    @property
    def channels(self) -> int:
        """Latent channels."""
        return int(self._vae.config.z_dim)

    @property
    def stride(self) -> int:
        """How many pixels one side of a latent's cell stands for."""
        return int(self._vae.config.scale_factor_spatial)

    def decode_next(self, x_FCHW: Tensor, cache: Cache | None) -> tuple[Tensor, Cache]:
        """Return the pixels of the next latent, between -1 and 1, and the cache: 1 frame at a beginning, then 4."""
        vae = self._vae
        latent_FCHW = x_FCHW.to(vae.device) * self._std_C11 + self._mean_C11
        latent_1CFHW = latent_FCHW.to(vae.dtype).transpose(0, 1)[None]
        kept: Cache = cache or [None] * self._num_convolutions
        pixels = vae.decoder(
            vae.post_quant_conv(latent_1CFHW), feat_cache=kept, feat_idx=[0], first_chunk=cache is None
        )
        if vae.config.patch_size is not None:
            pixels = unpatchify(pixels, vae.config.patch_size)
        return pixels[0].transpose(0, 1), kept

    def decoder(self) -> CausalDecoder[Cache]:
        """Return a fresh decoder for one stream."""
        return CausalDecoder(self.decode_next)

    @torch.inference_mode()
    def encode(self, pictures_FHWC: Tensor) -> Tensor:
        """Return the latents of 1 + 4 n uint8 pictures: float32, (1 + n, C, H, W)."""
        pixels_F3HW = pictures_FHWC.permute(0, 3, 1, 2).to(self._vae.device, self._vae.dtype) / 127.5 - 1
        latent_1CFHW = self._vae.encode(pixels_F3HW.transpose(0, 1)[None]).latent_dist.mode()
        return (latent_1CFHW[0].transpose(0, 1).float() - self._mean_C11) / self._std_C11
