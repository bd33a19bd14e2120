"""Facts about decoding a stream: what comes piece by piece is what a whole decode gives, as far as it is promised."""

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from fifo_live.models.common.decoders import CausalDecoder, ImageDecoder, WindowDecoder, to_pictures
from fifo_live.models.contract import StreamDecoder

FRAMES_PER_LATENT = 4
LATENTS = torch.randn(12, 3, 4, 4, generator=torch.Generator().manual_seed(0)) / 3


def mixed(x_FCHW: Tensor) -> Tensor:
    """A video autoencoder in one line: each latent is seen with the two before it."""
    padded = torch.cat([x_FCHW[:1], x_FCHW[:1], x_FCHW])
    return (padded[:-2] + 2 * padded[1:-1] + 3 * padded[2:]) / 6


def whole(x_FCHW: Tensor) -> Tensor:
    """Decode four frames for each latent, but one for the first."""
    return mixed(x_FCHW).repeat_interleave(FRAMES_PER_LATENT, 0)[FRAMES_PER_LATENT - 1 :]


def decode_next(x_FCHW: Tensor, kept: Tensor | None) -> tuple[Tensor, Tensor]:
    """Do the same with the last two latents kept."""
    if kept is None:
        return whole(x_FCHW), torch.cat([x_FCHW[:1], x_FCHW[:1], x_FCHW])[-2:]
    padded = torch.cat([kept, x_FCHW])
    pixels = (padded[:-2] + 2 * padded[1:-1] + 3 * padded[2:]) / 6
    return pixels.repeat_interleave(FRAMES_PER_LATENT, 0), padded[-2:]


def streamed(decoder: StreamDecoder, sizes: Sequence[int]) -> Tensor:
    """Decode the latents in pieces."""
    return torch.cat([decoder.decode(piece) for piece in torch.split(LATENTS, list(sizes))])


@pytest.mark.parametrize("sizes", [(1,) * 12, (3,) * 4, (1, 5, 6), (12,)])
def test_kept_state_makes_a_stream_a_whole(sizes: Sequence[int]) -> None:
    """A causal decoder is bit-equal to a whole decode, however the latents come."""
    assert torch.equal(streamed(CausalDecoder(decode_next), sizes), to_pictures(whole(LATENTS)))


@pytest.mark.parametrize("sizes", [(1,) * 12, (3,) * 4])
def test_overlapping_windows_reach_as_far_back_as_told(sizes: Sequence[int]) -> None:
    """With as many latents before as the autoencoder looks back nothing is lost; with fewer something is."""
    exact = to_pictures(whole(LATENTS))
    assert torch.equal(streamed(WindowDecoder(whole, FRAMES_PER_LATENT, before=3), sizes), exact)
    short = streamed(WindowDecoder(whole, FRAMES_PER_LATENT, before=1), sizes)
    assert short.shape == exact.shape and not torch.equal(short, exact)


def test_images_do_not_know_each_other() -> None:
    """An image decoder sees one latent at a time."""
    seen: list[int] = []
    pictures = ImageDecoder(lambda x: seen.append(len(x)) or x).decode(LATENTS)  # type: ignore[func-returns-value]
    assert seen == [1] * 12
    assert torch.equal(pictures, to_pictures(LATENTS))


@pytest.mark.parametrize("make", [lambda: CausalDecoder(decode_next), lambda: WindowDecoder(whole, 4, 3)])
def test_a_reset_forgets(make: type[StreamDecoder]) -> None:
    """After a reset the next latent begins a stream, with its one frame."""
    decoder = make()
    first = decoder.decode(LATENTS[:2])
    decoder.decode(LATENTS[5:7])
    decoder.reset()
    assert torch.equal(decoder.decode(LATENTS[:2]), first)
    assert len(first) == 1 + FRAMES_PER_LATENT


def test_pixels_are_rounded_and_clamped() -> None:
    """-1 is black, 1 is white, and what goes beyond stays there."""
    pixels = torch.tensor([-2.0, -1.0, 0.0, 1.0, 2.0]).view(5, 1, 1, 1).expand(5, 3, 2, 2)
    assert to_pictures(pixels)[:, 0, 0, 0].tolist() == [0, 0, 128, 255, 255]
