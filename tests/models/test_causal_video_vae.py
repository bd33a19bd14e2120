"""Facts about the causal video autoencoder, on tiny random weights."""

import pytest
import torch
from torch import Tensor, nn

from fifo_live.errors import ModelError
from fifo_live.models.common.decoders import to_pictures
from fifo_live.models.latte import causal_video_layers as layers
from fifo_live.models.latte.causal_video_layers import Memory
from fifo_live.models.latte.causal_video_vae import CausalVideoNetwork
from tests.models.opensoraplan_stock import VAE, small_vae, write_opensoraplan
from tests.models.tiny import fill


@pytest.fixture(scope="module")
def vae(tmp_path_factory: pytest.TempPathFactory) -> CausalVideoNetwork:
    """A tiny autoencoder, read from its published layout."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("vae")
    write_opensoraplan(folder)
    return small_vae(folder)


def clip(num_latents: int, side: int = 2) -> Tensor:
    """Return latents that change slowly: (1, 4, F, side, side)."""
    generator = torch.Generator().manual_seed(0)
    steps = torch.randn(1, 4, num_latents, side, side, generator=generator)
    steps[:, :, 1:] *= 0.05
    return steps.cumsum(2)


def streamed(vae: CausalVideoNetwork, x_BCFHW: Tensor) -> Tensor:
    """Decode latent by latent."""
    memory: Memory = {}
    return torch.cat([vae.decode(x_BC1HW, memory) for x_BC1HW in x_BCFHW.split(1, 2)], 2)


@torch.inference_mode()
def test_a_first_latent_is_one_frame_and_every_other_four(vae: CausalVideoNetwork) -> None:
    """Five latents are seventeen frames, eight times as wide and high; so are they in a stream."""
    assert vae.decode(clip(5), {}).shape == streamed(vae, clip(5)).shape == (1, 3, 17, 16, 16)
    assert vae.encode(torch.zeros(1, 3, 17, 16, 16)).shape == (1, 4, 5, 2, 2)


@torch.inference_mode()
def test_convolutions_stream_exactly(vae: CausalVideoNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing looks at later frames, latents one by one decode to the frames of a whole decode."""

    def of_each_frame(norm: layers.Norm, x_BCFHW: Tensor, memory: Memory) -> Tensor:
        return layers.per_frame(lambda x: nn.GroupNorm.forward(norm, x), x_BCFHW)

    monkeypatch.setattr(layers.Norm, "forward", of_each_frame)
    monkeypatch.setattr(layers, "_doubled", lambda x_BCFHW: x_BCFHW.repeat_interleave(2, 2))
    whole = vae.decode(clip(4), {})
    assert torch.allclose(streamed(vae, clip(4)), whole, atol=1e-4 * float(whole.abs().max()))


@torch.inference_mode()
def test_a_slow_clip_streams_nearly_like_a_whole(vae: CausalVideoNetwork) -> None:
    """With pictures that leave the normalisation enough to go by, a stream is within 3 of 255 levels on average."""
    whole, stream = (to_pictures(x[0].transpose(0, 1)) for x in (vae.decode(clip(5, 8), {}), streamed(vae, clip(5, 8))))
    assert float((whole.float() - stream.float()).abs().mean()) < 3
    assert float(whole.float().std()) > 30


@torch.inference_mode()
def test_the_normalisation_is_that_of_a_whole_clip(vae: CausalVideoNetwork) -> None:
    """In one call it is GroupNorm; the older a call is, the less it counts in later ones."""
    norm = layers.Norm(64).requires_grad_(False)
    x = torch.randn(1, 64, 3, 2, 2) * 3 + 1
    memory: Memory = {}
    assert torch.allclose(norm(x, memory), nn.GroupNorm.forward(norm, x), atol=1e-5)
    after_one = norm(torch.zeros_like(x), dict(memory))
    for _ in range(100):
        norm(torch.zeros_like(x), memory)
    after_many = norm(torch.zeros_like(x), memory)
    assert after_many.abs().mean() < 0.1 * after_one.abs().mean()


def test_an_unknown_layer_is_named() -> None:
    """The autoencoder of another version is refused, and the layer named that is not known."""
    with pytest.raises(ModelError, match="AttnBlock3D'"):
        fill(CausalVideoNetwork({**VAE, "decoder_attention": "AttnBlock3D"}))
