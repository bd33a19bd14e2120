"""A deterministic stand-in for a video model: every frame of a window, its time and its prompt shape the output."""

import hashlib
from collections.abc import Sequence

import torch
from torch import Tensor

from fifo_live.models.base import Denoiser, ModelSpec, NoiseLadder, StreamDecoder

FIFO_SPEC = ModelSpec(
    name="toy",
    width=32,
    height=16,
    fps=24.0,
    latent_shape=(4, 4, 8),
    window=16,
    context=8,
    levels=64,
    ladder=NoiseLadder("flow"),
    default_prompt="a toy",
    licence="Apache-2.0",
)


class ToyDecoder(StreamDecoder):
    """Enlarges the first three channels."""

    def decode(self, x_FCHW: Tensor) -> Tensor:
        rgb = x_FCHW[:, :3].tanh().add(1).mul(127.5).to(torch.uint8).cpu()
        return rgb.permute(0, 2, 3, 1).repeat_interleave(4, 1).repeat_interleave(4, 2)


class ToyDenoiser(Denoiser):
    """Mixes neighbouring frames, so that windows, context and halos all matter to the result."""

    def __init__(self, spec: ModelSpec = FIFO_SPEC) -> None:
        self.spec = spec
        self.device = torch.device("cpu")
        self.encoded: list[str] = []
        self.window_sizes: list[int] = []

    def encode_prompts(self, texts: Sequence[str]) -> Tensor:
        """Turn every text into two numbers that only depend on it."""
        self.encoded += texts
        digests = [hashlib.sha256(text.encode()).digest() for text in texts]
        return torch.tensor([[digest[0] / 255, digest[1] / 255] for digest in digests])

    def denoise(self, x_BFCHW: Tensor, t_BF: Tensor, cond_BF: Tensor) -> Tensor:
        self.window_sizes.append(x_BFCHW.shape[1])
        before = torch.cat([x_BFCHW[:, :1], x_BFCHW[:, :-1]], 1)
        after = torch.cat([x_BFCHW[:, 1:], x_BFCHW[:, -1:]], 1)
        wanted = cond_BF.sum(-1)[:, :, None, None, None] - 1
        mixed = 0.5 * x_BFCHW + 0.3 * before + 0.2 * after
        return torch.tanh(mixed) * (1 + t_BF[:, :, None, None, None]) - wanted

    def decoder(self) -> StreamDecoder:
        return ToyDecoder()

    def understood(self, text: str) -> tuple[str, ...]:
        return tuple(word for word in text.split() if word != "gibberish")


def load(name: str, device: torch.device, dtype: str) -> ToyDenoiser:
    """Load the toy, as `--model tests.toy:load` does."""
    return ToyDenoiser()
