"""The decoder of a tiny video autoencoder (TAEHV, github.com/madebyollin/taehv, MIT), for the latents of larger ones.

A row of small convolutions on single frames; those with a memory also see the frame before. Its sizes are read from
the tensors of the published file, whose names are those of the modules here.

Shape suffixes: F latents or frames, C channels, 3 RGB, H and W height and width.
"""

from collections.abc import Mapping
from typing import cast

import torch
from torch import Tensor, nn

from fifo_live.errors import ModelError
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.common.decoders import CausalDecoder
from fifo_live.models.common.materialise import filled

RANGE = 3.0
"""Latents are bent into this range."""
NUM_STAGES, MEMORIES_PER_STAGE = 3, 3
FIRST_STAGE, STAGE_LENGTH = 3, 6
"""Where the first stage begins in the row, and how many modules a stage has: memories, doubling, growing, narrowing."""

Memory = dict[int, Tensor]
"""The last frame that each module with a memory has seen."""


class Bend(nn.Module):
    """Keeps latents within a range."""

    def forward(self, x_FCHW: Tensor) -> Tensor:
        return torch.tanh(x_FCHW / RANGE) * RANGE


class Remember(nn.Module):
    """Looks at a frame and the one before it, and adds what it found to the frame."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            _conv(2 * channels, channels), nn.ReLU(), _conv(channels, channels), nn.ReLU(), _conv(channels, channels)
        )

    def forward(self, x_FCHW: Tensor, before_FCHW: Tensor) -> Tensor:
        return torch.relu(self.conv(torch.cat([x_FCHW, before_FCHW], 1)) + x_FCHW)


class Grow(nn.Module):
    """Makes several frames of one."""

    def __init__(self, channels: int, num_frames: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels * num_frames, 1, bias=False)

    def forward(self, x_FCHW: Tensor) -> Tensor:
        return self.conv(x_FCHW).reshape(-1, *x_FCHW.shape[1:])


class TinyVideoVae:
    """Decodes latents as the network sees them; it has no encoder."""

    def __init__(self, row: nn.Sequential) -> None:
        self._row = row
        self._patch = round((cast(nn.Conv2d, row[-1]).out_channels / 3) ** 0.5)
        growths = [module.conv for module in row if isinstance(module, Grow)]
        self._num_missing = torch.Size(conv.out_channels // conv.in_channels for conv in growths).numel() - 1

    @classmethod
    def load(cls, checkpoint: Checkpoint) -> "TinyVideoVae":
        """Load the tiny decoder that was asked for: a file as TAEHV publishes it, or a folder with one.

        Raises: ModelError if it is none.
        """
        path = checkpoint.tiny_decoder
        assert path is not None
        files = [path] if path.is_file() else sorted(path.glob("*.safetensors"))
        if len(files) != 1:
            raise ModelError(f"{str(path)!r} holds {len(files)} files that could be the tiny decoder; name one.")
        tensors = checkpoint.at(files[0]).tensors()
        held = {key.removeprefix("decoder."): tensor for key, tensor in tensors.items() if key.startswith("decoder.")}
        if "1.weight" not in held:
            raise ModelError(f"{str(files[0])!r} is no tiny video autoencoder (TAEHV): it has no decoder.1.weight.")
        return cls(checkpoint.place("vae", filled(lambda: _row_for(held), held, "tiny decoder")))

    @property
    def channels(self) -> int:
        """Latent channels."""
        return cast(nn.Conv2d, self._row[1]).in_channels

    @property
    def stride(self) -> int:
        """How many pixels one side of a latent's cell stands for."""
        return int(2**NUM_STAGES) * self._patch

    def decode_next(self, x_FCHW: Tensor, memory: Memory | None) -> tuple[Tensor, Memory]:
        """Return the pixels of the next latents, between -1 and 1, and the memory.

        The first latent makes one frame: those that would come before it are dropped.
        """
        first: nn.Conv2d = cast(nn.Conv2d, self._row[1])
        x, kept = x_FCHW.to(first.weight), dict(memory or {})
        for place, module in enumerate(self._row):
            if isinstance(module, Remember):
                last = kept.get(place, torch.zeros_like(x[:1]))
                x, kept[place] = module(x, torch.cat([last, x[:-1]])), x[-1:]
            else:
                x = module(x)
        pixels = nn.functional.pixel_shuffle(x, self._patch).clamp(0, 1) * 2 - 1
        return pixels[self._num_missing if memory is None else 0 :], kept

    def decoder(self) -> CausalDecoder[Memory]:
        """Return a fresh decoder for one stream."""
        return CausalDecoder(self.decode_next)

    def encode(self, _pictures_FHWC: Tensor) -> Tensor:
        """Raises: ModelError, always."""
        raise ModelError("A tiny decoder has no encoder to begin with a picture or a clip: leave out --init or it.")


def _row_for(tensors: Mapping[str, Tensor]) -> nn.Sequential:
    """Return the modules for tensors named by their places: `1.weight`, `3.conv.0.weight`."""
    width, channels = tensors["1.weight"].shape[:2]
    row: list[nn.Module] = [Bend(), _conv(channels, width), nn.ReLU()]
    for stage in range(NUM_STAGES):
        grow = FIRST_STAGE + stage * STAGE_LENGTH + MEMORIES_PER_STAGE + 1
        num_frames = len(tensors[f"{grow}.conv.weight"]) // width
        row += [Remember(width) for _ in range(MEMORIES_PER_STAGE)]
        row += [nn.Upsample(scale_factor=2), Grow(width, num_frames)]
        narrow = _conv(width, len(tensors[f"{grow + 1}.weight"]), bias=False)
        row.append(narrow)
        width = narrow.out_channels
    last = FIRST_STAGE + NUM_STAGES * STAGE_LENGTH + 1
    return nn.Sequential(*row, nn.ReLU(), _conv(width, len(tensors[f"{last}.bias"])))


def _conv(channels: int, out_channels: int, *, bias: bool = True) -> nn.Conv2d:
    return nn.Conv2d(channels, out_channels, 3, padding=1, bias=bias)
