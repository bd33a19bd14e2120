"""CogVideoX's causal autoencoder: a latent stands for four frames (arXiv 2408.06072, section 2.1).

Shape suffixes: F latents or frames, C latent channels, 3 RGB, H and W height and width.
"""

from typing import Any

import torch
from torch import Tensor

from fifo_live.errors import ModelError
from fifo_live.models.common.decoders import CausalDecoder

PAIR = 2
"""How many latents the decoder takes at a time. It normalises over them, and makes a single one into a single frame."""

Cache = dict[str, Any]


class CogVideoXVae:
    """Wraps diffusers' `AutoencoderKLCogVideoX`; latents are as the network sees them.

    A clip of 13 latents begins with one that stands for a single frame, and is decoded as three, two, two, ... A stream
    goes by twos from the start, as diffusers decodes an even number of latents: all stand for four frames.
    """

    def __init__(self, vae: Any) -> None:
        self._vae = vae
        self._scale = float(vae.config.scaling_factor)

    @property
    def channels(self) -> int:
        """Latent channels."""
        return int(self._vae.config.latent_channels)

    @property
    def stride(self) -> int:
        """How many pixels one side of a latent's cell stands for."""
        return int(2 ** (len(self._vae.config.block_out_channels) - 1))

    def decoder(self) -> CausalDecoder[Cache]:
        """Return a fresh decoder for one stream."""
        return CausalDecoder(self.decode_next, PAIR)

    def decode_next(self, x_FCHW: Tensor, cache: Cache | None) -> tuple[Tensor, Cache]:
        """Return pixels between -1 and 1 of the next two latents, (8, 3, H, W), and what the next call needs of these.

        Raises: ModelError if they are not two.
        """
        if len(x_FCHW) != PAIR:
            raise ModelError("CogVideoX decodes two latents at a time: set engine.chunk to an even number.")
        latent = x_FCHW.movedim(0, 1)[None].to(self._vae.device, self._vae.dtype) / self._scale
        pixels, cache = self._vae.decoder(latent, conv_cache=cache)
        return pixels[0].movedim(0, 1), cache

    @torch.inference_mode()
    def encode(self, pictures_FHWC: Tensor) -> Tensor:
        """Return the latents of 4n uint8 pictures: float32, (n, C, H, W)."""
        pixels = pictures_FHWC.permute(3, 0, 1, 2)[None].to(self._vae.device, self._vae.dtype) / 127.5 - 1
        latent: Tensor = self._vae.encode(pixels).latent_dist.mode()[0].float()
        return (latent * self._scale).movedim(0, 1)
