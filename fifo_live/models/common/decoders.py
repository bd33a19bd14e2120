"""Three ways to decode a stream: every latent by itself, in overlapping windows, and causally with what was kept.

Shape suffixes: F latents or frames, C latent channels, 3 RGB, H and W height and width.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

import torch
from torch import Tensor

from fifo_live.models.contract import StreamDecoder

State = TypeVar("State")

Decode = Callable[[Tensor], Tensor]
"""Turns latents (F, C, H, W) into pixels (F', 3, H, W) between -1 and 1."""

DecodeNext = Callable[[Tensor, State | None], tuple[Tensor, State]]
"""Turns the next latents into pixels, given what the call before has kept (None at a beginning), and keeps more."""


def to_pictures(pixels_F3HW: Tensor) -> Tensor:
    """Return pixels between -1 and 1 as uint8 pictures on the CPU: (F, H, W, 3)."""
    bytes_F3HW = pixels_F3HW.float().add(1).mul_(127.5).round_().clamp_(0, 255).to(torch.uint8)
    return bytes_F3HW.permute(0, 2, 3, 1).contiguous().cpu()


class ImageDecoder(StreamDecoder):
    """For an image autoencoder: every latent is one picture and knows nothing of the others."""

    def __init__(self, decode: Decode) -> None:
        self._decode = decode

    @torch.inference_mode()
    def decode(self, x_FCHW: Tensor) -> Tensor:
        return torch.cat([to_pictures(self._decode(x_1CHW)) for x_1CHW in torch.split(x_FCHW, 1)])


class WindowDecoder(StreamDecoder):
    """For a video autoencoder that is not causal: decodes each latent again with the `before` latents ahead of it.

    The last pixels of such a window belong to the newest latents, `frames_per_latent` to each (the first latent of a
    stream may have fewer). What the autoencoder would have seen of later latents is lacking; the difference to a
    whole decode is the price of showing a latent at once.
    """

    def __init__(self, decode: Decode, frames_per_latent: int, before: int) -> None:
        self._decode = decode
        self._frames_per_latent = frames_per_latent
        self._before = before
        self._kept_FCHW: Tensor | None = None

    def reset(self) -> None:
        self._kept_FCHW = None

    @torch.inference_mode()
    def decode(self, x_FCHW: Tensor) -> Tensor:
        begins = self._kept_FCHW is None
        window_FCHW = x_FCHW if self._kept_FCHW is None else torch.cat([self._kept_FCHW, x_FCHW])
        pixels = self._decode(window_FCHW)
        self._kept_FCHW = window_FCHW[-self._before :].clone()
        return to_pictures(pixels if begins else pixels[-len(x_FCHW) * self._frames_per_latent :])


class CausalDecoder(StreamDecoder, Generic[State]):
    """For a causal video autoencoder with caches: what it keeps makes the stream equal to a whole decode.

    `num_latents` is how many latents go into one call of the autoencoder; the engine's chunk must be a multiple.
    """

    def __init__(self, decode_next: DecodeNext[State], num_latents: int = 1) -> None:
        self._decode_next = decode_next
        self._num_latents = num_latents
        self._state: State | None = None

    def reset(self) -> None:
        self._state = None

    @torch.inference_mode()
    def decode(self, x_FCHW: Tensor) -> Tensor:
        pictures = []
        for x_nCHW in torch.split(x_FCHW, self._num_latents):
            pixels, self._state = self._decode_next(x_nCHW, self._state)
            pictures.append(to_pictures(pixels))
        return torch.cat(pictures)
