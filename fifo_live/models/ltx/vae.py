"""LTX-Video's autoencoder: a latent stands for eight frames, the first one for one (arXiv 2501.00103, section 2).

Shape suffixes: F latents or frames, C latent channels, 3 RGB, H and W height and width.
"""

from typing import Any

import torch
from torch import Tensor

from fifo_live.models.common.decoders import WindowDecoder

CONTEXT = 4
"""How many latents are decoded again ahead of the new ones."""
DECODE_TIMESTEP = 0.05
DECODE_NOISE = 0.025
"""What Lightricks' configurations tell decoders that take the last denoising step themselves (0.9.1 and later)."""


class LtxVae:
    """Wraps diffusers' `AutoencoderKLLTXVideo`; latents are as the network sees them."""

    def __init__(self, vae: Any) -> None:
        self._vae = vae
        self._std_C111 = (vae.latents_std.float() / vae.config.scaling_factor)[:, None, None, None]
        self._mean_C111 = vae.latents_mean.float()[:, None, None, None]

    @property
    def channels(self) -> int:
        """Latent channels."""
        return int(self._vae.config.latent_channels)

    @property
    def stride(self) -> tuple[int, int]:
        """How many frames a latent stands for, and how many pixels the side of its cells."""
        return int(self._vae.temporal_compression_ratio), int(self._vae.spatial_compression_ratio)

    @property
    def is_of_095(self) -> bool:
        """Whether this is the autoencoder of version 0.9.5 and later, whose encoder first halves the pictures alone."""
        return bool(self._vae.config.downsample_type[0] != "conv")

    def decoder(self) -> "LtxDecoder":
        """Return a fresh decoder for one stream."""
        return LtxDecoder(self)

    def decode(self, x_FCHW: Tensor) -> Tensor:
        """Return pixels between -1 and 1 of latents in the autoencoder's own measure: (8F - 7, 3, H, W)."""
        latent = x_FCHW.movedim(0, 1)[None].to(self._vae.dtype)
        timestep = latent.new_tensor([DECODE_TIMESTEP]) if self._vae.config.timestep_conditioning else None
        pixels: Tensor = self._vae.decode(latent, timestep).sample
        return pixels[0].movedim(0, 1)

    def own_measure(self, x_FCHW: Tensor, generator: torch.Generator) -> Tensor:
        """Return latents in the autoencoder's own measure, with the noise that its decoder is used to."""
        x = (x_FCHW.to(self._vae.device).movedim(1, 0) * self._std_C111 + self._mean_C111).movedim(0, 1)
        if not self._vae.config.timestep_conditioning:
            return x
        noise = torch.stack([torch.randn(x.shape[1:], generator=generator) for _ in x])
        return (1 - DECODE_NOISE) * x + DECODE_NOISE * noise.to(x.device)

    @torch.inference_mode()
    def encode(self, pictures_FHWC: Tensor) -> Tensor:
        """Return the latents of 8n + 1 uint8 pictures: float32, (n + 1, C, H, W)."""
        pixels = pictures_FHWC.permute(3, 0, 1, 2)[None].to(self._vae.device, self._vae.dtype) / 127.5 - 1
        latent = self._vae.encode(pixels).latent_dist.mode()[0].float()
        return ((latent - self._mean_C111) / self._std_C111).movedim(0, 1)


class LtxDecoder(WindowDecoder):
    """Decodes in overlapping windows, as the autoencoder is not causal; a latent keeps the noise it was given."""

    def __init__(self, vae: LtxVae) -> None:
        super().__init__(vae.decode, vae.stride[0], CONTEXT)
        self._vae = vae
        self._generator = torch.Generator()
        self.reset()

    def reset(self) -> None:
        super().reset()
        self._generator.manual_seed(0)

    def decode(self, x_FCHW: Tensor) -> Tensor:
        return super().decode(self._vae.own_measure(x_FCHW, self._generator))
