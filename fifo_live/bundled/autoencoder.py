"""A convolutional autoencoder between pictures and latents, without normalisation layers.

The shortcuts round the changes of size follow DC-AE (arXiv 2410.10733, section 3.2): space to channel, averaged or
repeated. Shapes: F pictures, H W pixels, C latent channels, h w latent size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

PATCH = 4  # pixels that the first and the last layer handle as one
BOUND = 3.0  # latents stay within +-BOUND


@dataclass(frozen=True)
class AutoencoderShape:
    """Widths and numbers of residual blocks, from the finest stage to the deepest."""

    channels: int
    widths: tuple[int, ...]
    encoder_blocks: tuple[int, ...]
    decoder_blocks: tuple[int, ...]

    @property
    def factor(self) -> int:
        """Pixels per latent cell along one side."""
        return int(PATCH * 2 ** (len(self.widths) - 1))


class ResidualBlock(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        change: Tensor = self.second(nnf.silu(self.first(nnf.silu(x))))
        return x + change


class Down(nn.Module):
    """Halve the picture: a 1x1 convolution of 2x2 patches plus the patches' averages."""

    def __init__(self, width_in: int, width_out: int) -> None:
        super().__init__()
        self.mix = nn.Conv2d(4 * width_in, width_out, 1)
        self.width_out = width_out

    def forward(self, x: Tensor) -> Tensor:
        patches = nnf.pixel_unshuffle(x, 2)
        mixed: Tensor = self.mix(patches)
        return mixed + _fit_channels(patches, self.width_out)


class Up(nn.Module):
    """Double the picture: a 1x1 convolution to 2x2 patches plus repeated channels."""

    def __init__(self, width_in: int, width_out: int) -> None:
        super().__init__()
        self.mix = nn.Conv2d(width_in, 4 * width_out, 1)
        self.width_out = width_out

    def forward(self, x: Tensor) -> Tensor:
        return nnf.pixel_shuffle(self.mix(x) + _fit_channels(x, 4 * self.width_out), 2)


def _fit_channels(x: Tensor, width: int) -> Tensor:
    """Bring x to a number of channels by averaging neighbours, after repeating where it does not divide."""
    have = x.shape[1]
    if have % width:
        times = -(-width // have) if have < width else 1
        x = x.repeat_interleave(times, dim=1)[:, :width] if times > 1 else x[:, : have - have % width]
        have = x.shape[1]
    if have < width:
        return x.repeat_interleave(width // have, dim=1)
    return x.reshape(len(x), width, have // width, *x.shape[2:]).mean(2)


class Encoder(nn.Module):
    def __init__(self, shape: AutoencoderShape) -> None:
        super().__init__()
        widths = shape.widths
        self.first = nn.Conv2d(3 * PATCH**2, widths[0], 3, padding=1)
        self.blocks = nn.ModuleList(_blocks(w, n) for w, n in zip(widths, shape.encoder_blocks, strict=True))
        self.downs = nn.ModuleList(Down(a, b) for a, b in zip(widths[:-1], widths[1:], strict=True))
        self.last = nn.Conv2d(widths[-1], shape.channels, 3, padding=1)

    def forward(self, picture_F3HW: Tensor) -> Tensor:
        """Encode pictures in -1..1 to latents within +-BOUND."""
        x = self.first(nnf.pixel_unshuffle(picture_F3HW, PATCH))
        for stage, blocks in enumerate(self.blocks):
            x = blocks(x)
            if stage < len(self.downs):
                x = self.downs[stage](x)
        return BOUND * torch.tanh(self.last(x) / BOUND)

    def fine_stages(self, picture_F3HW: Tensor, count: int) -> list[Tensor]:
        """Return what the finest stages make of pictures in -1..1, each half as large as the one before."""
        x = self.first(nnf.pixel_unshuffle(picture_F3HW, PATCH))
        stages = [self.blocks[0](x)]
        for down, blocks in zip(self.downs[: count - 1], self.blocks[1:count], strict=True):
            stages.append(blocks(down(stages[-1])))
        return stages


class Decoder(nn.Module):
    def __init__(self, shape: AutoencoderShape) -> None:
        super().__init__()
        widths = shape.widths[::-1]
        counts = shape.decoder_blocks[::-1]
        self.first = nn.Conv2d(shape.channels, widths[0], 3, padding=1)
        self.blocks = nn.ModuleList(_blocks(w, n) for w, n in zip(widths, counts, strict=True))
        self.ups = nn.ModuleList(Up(a, b) for a, b in zip(widths[:-1], widths[1:], strict=True))
        self.last = nn.Conv2d(widths[-1], 3 * PATCH**2, 3, padding=1)

    def forward(self, latent_FChw: Tensor) -> Tensor:
        """Decode latents to pictures of about -1..1."""
        x = self.first(latent_FChw)
        for stage, blocks in enumerate(self.blocks):
            x = blocks(x)
            if stage < len(self.ups):
                x = self.ups[stage](x)
        return nnf.pixel_shuffle(self.last(x), PATCH)


class Autoencoder(nn.Module):
    def __init__(self, shape: AutoencoderShape) -> None:
        super().__init__()
        self.encoder = Encoder(shape)
        self.decoder = Decoder(shape)


def _blocks(width: int, count: int) -> nn.Sequential:
    layers: Sequence[nn.Module] = [ResidualBlock(width) for _ in range(count)]
    return nn.Sequential(*layers)
