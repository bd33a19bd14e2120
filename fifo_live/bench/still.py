"""A model that costs nothing, for benchmarks of the server: `--model fifo_live.bench.still:load`."""

from collections.abc import Sequence

import torch
from torch import Tensor

from fifo_live.models.contract import Denoiser, ModelSpec, NoiseSchedule, StreamDecoder

WIDTH, HEIGHT = 128, 72


class _Grey(StreamDecoder):
    """Shows every latent as the same grey."""

    def decode(self, x_FCHW: Tensor) -> Tensor:
        """Return one picture for each latent."""
        return torch.full((len(x_FCHW), HEIGHT, WIDTH, 3), 96, dtype=torch.uint8)


class Still(Denoiser):
    """Predicts nothing at all."""

    spec = ModelSpec(
        name="still",
        width=WIDTH,
        height=HEIGHT,
        fps=8.0,
        latent_shape=(1, 1, 1),
        window=2,
        ladder=NoiseSchedule("flow"),
        levels=2,
        default_prompt="nothing",
        licence="Apache-2.0",
    )

    def __init__(self, device: torch.device) -> None:
        self.device = device

    def encode_prompts(self, texts: Sequence[str]) -> Tensor:
        """Return a number for each prompt."""
        return torch.zeros(len(texts), 1)

    def denoise(self, x_BFCHW: Tensor, t_BF: Tensor, cond_BF: Tensor) -> Tensor:
        """Return a network's output that leads nowhere."""
        return torch.zeros_like(x_BFCHW)

    def decoder(self) -> StreamDecoder:
        """Return a decoder of grey pictures."""
        return _Grey()


def load(path: str, device: torch.device, dtype: str) -> Still:
    """The loader that --model names."""
    return Still(device)
