"""A deterministic stand-in for a video model: every frame of a window, its time and its prompt shape the output."""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from fifo_live.errors import ConfigError, ModelError
from fifo_live.models.contract import Denoiser, ModelSpec, NoiseSchedule, StreamDecoder

FIFO_SPEC = ModelSpec(
    name="toy",
    width=32,
    height=16,
    fps=24.0,
    latent_shape=(4, 4, 8),
    window=16,
    context=8,
    levels=64,
    ladder=NoiseSchedule("flow"),
    default_prompt="a toy",
    licence="Apache-2.0",
)

CAUSAL_SPEC = replace(FIFO_SPEC, frames_per_latent=4, first_latent_frames=1, window=12, context=4, levels=8)

Network = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Takes latents (B, F, C, H, W), times and prompts (B, F, 1, 1, 1)."""


def mix_neighbours(x: Tensor, t: Tensor, cond: Tensor) -> Tensor:
    """Let every frame depend on the frames beside it, so that windows, context and halos all matter."""
    before = torch.cat([x[:, :1], x[:, :-1]], 1)
    after = torch.cat([x[:, 1:], x[:, -1:]], 1)
    return torch.tanh(0.5 * x + 0.3 * before + 0.2 * after) * (1 + t) - (cond - 1)


class ToyDecoder(StreamDecoder):
    """Enlarges the first three channels."""

    def decode(self, x_FCHW: Tensor) -> Tensor:
        rgb = x_FCHW[:, :3].tanh().add(1).mul(127.5).to(torch.uint8).cpu()
        return rgb.permute(0, 2, 3, 1).repeat_interleave(4, 1).repeat_interleave(4, 2)


class CausalToyDecoder(ToyDecoder):
    """Like a causal autoencoder: one frame of the first latent, four of each further one, which remember the last."""

    def __init__(self) -> None:
        self._last_CHW: Tensor | None = None

    def decode(self, x_FCHW: Tensor) -> Tensor:
        frames = [frame for x_CHW in x_FCHW for frame in self._frames(x_CHW)]
        return super().decode(torch.stack(frames))

    def reset(self) -> None:
        self._last_CHW = None

    def _frames(self, x_CHW: Tensor) -> list[Tensor]:
        last, self._last_CHW = self._last_CHW, x_CHW
        return [x_CHW] if last is None else [torch.lerp(last, x_CHW, share) for share in (0.25, 0.5, 0.75, 1.0)]


def find_flat(x: Tensor, t: Tensor, cond: Tensor) -> Tensor:
    """Predict the flow to a frame of one colour, the one that is seen through the noise."""
    x0 = x.mean(dim=(-2, -1), keepdim=True) / (1 - t).clamp(min=0.05)
    return (x - x0) / t.clamp(min=1e-3)


class ToyDenoiser(Denoiser):
    """Runs a network that is one line of arithmetic, and remembers what it was asked."""

    def __init__(self, spec: ModelSpec = FIFO_SPEC, network: Network | None = None) -> None:
        self.spec = spec
        self._network = network or mix_neighbours
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
        return self._network(x_BFCHW, t_BF[..., None, None, None], cond_BF.sum(-1)[..., None, None, None])

    def decoder(self) -> StreamDecoder:
        return CausalToyDecoder() if self.spec.first_latent_frames else ToyDecoder()

    def encode_pictures(self, pictures_FHWC: Tensor) -> Tensor:
        """Undo the decoder; of a causal one, take the frame at which each latent arrives."""
        first = self.spec.first_latent_frames or self.spec.frames_per_latent
        assert len(pictures_FHWC) >= first and (len(pictures_FHWC) - first) % self.spec.frames_per_latent == 0
        last_of_each = pictures_FHWC[first - 1 :: self.spec.frames_per_latent, ::4, ::4].permute(0, 3, 1, 2)
        rgb = ((last_of_each + 0.5) / 127.5 - 1).clamp(-0.99, 0.99).atanh()
        return torch.cat([rgb, torch.zeros_like(rgb[:, :1])], dim=1)

    def understood(self, text: str) -> tuple[str, ...]:
        return tuple(word for word in text.split() if word != "gibberish")


def load(path: str, device: torch.device, dtype: str) -> ToyDenoiser:
    """Load the toy, as `--model tests.toy:load` does."""
    return ToyDenoiser()


def load_flat(path: str, device: torch.device, dtype: str) -> ToyDenoiser:
    """Load a toy that goes on with the colours it sees, as `--model tests.toy:load_flat` does."""
    return ToyDenoiser(replace(CAUSAL_SPEC, sink=1, window=13), find_flat)


def load_causal(path: str, device: torch.device, dtype: str) -> ToyDenoiser:
    """Load the toy with a causal decoder, as `--model tests.toy:load_causal` does."""
    return ToyDenoiser(CAUSAL_SPEC)


def load_on_rank_0(path: str, device: torch.device, dtype: str) -> ToyDenoiser:
    """Load a toy that only rank 0 has a place for."""
    if os.environ["RANK"] != "0":
        raise ConfigError("There is a place for rank 0 only.")
    return ToyDenoiser()


def load_patient(path: str, device: torch.device, dtype: str) -> ToyDenoiser:
    """Load a toy that encodes slow prompts only when somebody lets it: when the pipe `path` is written and closed."""

    class Patient(ToyDenoiser):
        def encode_prompts(self, texts: Sequence[str]) -> Tensor:
            if any("slow" in text for text in texts):
                assert os.environ["RANK"] == "0", "the other ranks are told"
                Path(path).read_bytes()
            return super().encode_prompts(texts)

    return Patient(CAUSAL_SPEC)


def load_breaking(path: str, device: torch.device, dtype: str) -> ToyDenoiser:
    """Load a toy that breaks on rank 1 while the queue fills."""
    num_forwards = 0

    def network(x: Tensor, t: Tensor, cond: Tensor) -> Tensor:
        nonlocal num_forwards
        num_forwards += 1
        if os.environ["RANK"] == "1" and num_forwards == 30:
            raise ModelError("The network of rank 1 is broken.")
        return mix_neighbours(x, t, cond)

    return ToyDenoiser(network=network)
