"""A denoiser made of a network, a text encoder and an autoencoder: what most families are."""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor

from fifo_live.models.common.per_frame_network import PerFrameNetwork
from fifo_live.models.common.text_encoder import TextEncoder
from fifo_live.models.contract import Denoiser, ModelSpec, StreamDecoder


class Autoencoder(Protocol):
    """What turns pictures into latents and back."""

    def decoder(self) -> StreamDecoder:
        """Return a fresh decoder for one stream."""

    def encode(self, pictures_FHWC: Tensor) -> Tensor:
        """Return the latents of a clip of uint8 pictures: float32, (latents, C, H, W)."""


class NetworkDenoiser(Denoiser):
    """Runs on the device and in the number format of its network, whose learned variances, if any, it leaves out."""

    def __init__(self, spec: ModelSpec, network: PerFrameNetwork, text: TextEncoder, vae: Autoencoder) -> None:
        self.spec = spec
        self.device = network.device
        self.dtype_name = str(network.dtype).removeprefix("torch.")
        self._network = network
        self._text = text
        self._vae = vae

    def encode_prompts(self, texts: Sequence[str]) -> Tensor:
        return self._text.encode(texts)

    @torch.inference_mode()
    def denoise(self, x_BFCHW: Tensor, t_BF: Tensor, cond_BF: Tensor) -> Tensor:
        return self._network(x_BFCHW, t_BF, cond_BF)[:, :, : x_BFCHW.shape[2]].float()

    def decoder(self) -> StreamDecoder:
        return self._vae.decoder()

    def encode_pictures(self, pictures_FHWC: Tensor) -> Tensor:
        return self._vae.encode(pictures_FHWC)
