"""A denoiser made of a video UNet, a text encoder and an image autoencoder: what several families are."""

from collections.abc import Sequence

import torch
from torch import Tensor

from fifo_live.models.base import Denoiser, ModelSpec
from fifo_live.models.parts.decoders import ImageDecoder
from fifo_live.models.parts.frame_unet import FrameUNet
from fifo_live.models.parts.image_vae import ImageVae
from fifo_live.models.parts.text import TextEncoder


class UNetDenoiser(Denoiser):
    """Runs on the device and in the number format of its UNet."""

    def __init__(self, spec: ModelSpec, unet: FrameUNet, text: TextEncoder, vae: ImageVae) -> None:
        self.spec = spec
        self.device = unet.unet.device
        self.dtype_name = str(unet.unet.dtype).removeprefix("torch.")
        self._unet = unet
        self._text = text
        self._vae = vae

    def encode_prompts(self, texts: Sequence[str]) -> Tensor:
        return self._text.encode(texts)

    @torch.inference_mode()
    def denoise(self, x_BFCHW: Tensor, t_BF: Tensor, cond_BF: Tensor) -> Tensor:
        return self._unet(x_BFCHW, t_BF, cond_BF).float()

    def decoder(self) -> ImageDecoder:
        return self._vae.decoder()

    def encode_pictures(self, pictures_FHWC: Tensor) -> Tensor:
        return self._vae.encode(pictures_FHWC)
