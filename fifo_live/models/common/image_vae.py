"""The image autoencoder that many video models borrow from Stable Diffusion: one latent, one picture.

Shape suffixes: F latents or pictures, C latent channels, 3 RGB, H and W height and width.
"""

from typing import Any

import diffusers
import torch
from torch import Tensor

from fifo_live.errors import ModelError
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.common.decoders import ImageDecoder

TINY = "madebyollin/taesd"
"""The hub id of the tiny autoencoder (TAESD) that takes Stable Diffusion 1 and 2's latents."""


class ImageVae:
    """The model's own autoencoder, or a tiny one for the same latents; latents are as the network sees them."""

    def __init__(self, vae: Any, scale: float) -> None:
        self._vae = vae
        self._scale = scale

    @classmethod
    def load(cls, checkpoint: Checkpoint) -> "ImageVae":
        """Load the folder's `vae`, or the tiny decoder that was asked for.

        Raises: ModelError if something of it is missing.
        """
        if checkpoint.tiny_decoder is not None:
            if checkpoint.tiny_decoder.is_file():
                raise ModelError(f"{str(checkpoint.tiny_decoder)!r} is a file; name a folder, as {TINY} is.")
            return cls(checkpoint.at(checkpoint.tiny_decoder).load("", diffusers.AutoencoderTiny), 1.0)
        vae = checkpoint.load("vae", diffusers.AutoencoderKL)
        return cls(vae, float(vae.config.scaling_factor))

    @property
    def channels(self) -> int:
        """Latent channels."""
        return int(self._vae.config.latent_channels)

    @property
    def stride(self) -> int:
        """How many pixels one side of a latent's cell stands for."""
        blocks = self._vae.config.get("block_out_channels") or self._vae.config.decoder_block_out_channels
        return int(2 ** (len(blocks) - 1))

    def decode(self, x_FCHW: Tensor) -> Tensor:
        """Return pixels between -1 and 1: (F, 3, H, W)."""
        latent = (x_FCHW.to(self._vae.device) / self._scale).to(self._vae.dtype)
        pixels: Tensor = self._vae.decode(latent).sample
        return pixels

    def decoder(self) -> ImageDecoder:
        """Return a fresh decoder for one stream."""
        return ImageDecoder(self.decode)

    @torch.inference_mode()
    def encode(self, pictures_FHWC: Tensor) -> Tensor:
        """Return the latents of uint8 pictures: float32, (F, C, H, W)."""
        pixels = pictures_FHWC.permute(0, 3, 1, 2).to(self._vae.device, self._vae.dtype) / 127.5 - 1
        found = [self._vae.encode(pixels_13HW) for pixels_13HW in torch.split(pixels, 1)]
        means = [one.latents if hasattr(one, "latents") else one.latent_dist.mode() for one in found]
        return torch.cat(means).float() * self._scale
