"""A denoiser made of a transformer like Wan's, UMT5 and Wan's autoencoder: what several families are."""

from collections.abc import Callable
from typing import Any

import torch
import transformers
from torch import Tensor

from fifo_live.errors import ModelError
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.common.network_denoiser import NetworkDenoiser
from fifo_live.models.common.text_encoder import TextEncoder, load_t5
from fifo_live.models.common.tiny_video_vae import TinyVideoVae
from fifo_live.models.common.wan_vae import WanVae
from fifo_live.models.wan.network import FrameWan

TEXT_TOKENS = 512
TIME_SCALE = 1000
"""These networks are told times between 0 and 1000."""


def load_umt5(checkpoint: Checkpoint) -> TextEncoder:
    """Load the UMT5 text encoder of a folder.

    Raises: ModelError if something of it is missing.
    """
    return load_t5(checkpoint, max_tokens=TEXT_TOKENS, padding="zero", cls=transformers.UMT5EncoderModel)


def load_vae(checkpoint: Checkpoint) -> WanVae | TinyVideoVae:
    """Load the folder's `vae`, or the tiny decoder that was asked for.

    Raises: ModelError if something of it is missing.
    """
    return WanVae.load(checkpoint) if checkpoint.tiny_decoder is None else TinyVideoVae.load(checkpoint)


class WanDenoiser(NetworkDenoiser):
    """Runs on the device and in the number format of its transformer's wide layers."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        transformer: Any,
        text: TextEncoder,
        vae: WanVae | TinyVideoVae,
        network: Callable[[Any], FrameWan],
    ) -> None:
        """`network` is how the family runs its transformer.

        Raises: ModelError if the transformer wants other latents, or more than noisy ones and text."""
        config = transformer.config
        if config.in_channels != vae.channels:
            raise ModelError(
                f"The transformer in {str(checkpoint.path)!r} takes {config.in_channels} channels, a latent has "
                f"{vae.channels}. Either it wants pictures or control signals too, where fifo-live runs text-to-video "
                "only; or the autoencoder is that of another model."
            )
        spec = checkpoint.spec(channels=vae.channels, stride=vae.stride, patch=config.patch_size[-1])
        self.transformer = transformer
        self._wan = network(transformer)
        super().__init__(spec, self._wan, text, vae)
        self.device = checkpoint.device
        self.dtype_name = str(checkpoint.dtype).removeprefix("torch.")
        self._dtype = checkpoint.dtype

    def denoise(self, x_BFCHW: Tensor, t_BF: Tensor, cond_BF: Tensor) -> Tensor:
        return self.denoise_to(x_BFCHW, t_BF, t_BF, cond_BF)

    @torch.inference_mode()
    def denoise_to(self, x_BFCHW: Tensor, t_BF: Tensor, target_BF: Tensor, cond_BF: Tensor) -> Tensor:
        times = t_BF * TIME_SCALE, target_BF * TIME_SCALE
        # One text for all latents stays one: a copy for each would weigh more than the video.
        shared = cond_BF.stride(1) == 0
        text = cond_BF[:, :1].to(self._dtype).expand(cond_BF.shape) if shared else cond_BF.to(self._dtype)
        return self._wan.step_to(x_BFCHW.to(self._dtype), *times, text).float()
