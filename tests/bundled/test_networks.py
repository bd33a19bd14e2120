"""The networks: shapes, and what may depend on what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from fifo_live.bundled.autoencoder import Autoencoder, Decoder
from fifo_live.bundled.geometry import GEOMETRIES
from fifo_live.bundled.text_encoder import ENTRIES
from fifo_live.bundled.unet import SINK_TIME, VideoUNet, with_sink_marked
from fifo_live.bundled.weights import grow_from, make_denoiser, save_model
from fifo_live.training.muon import orthogonal

TOY = GEOMETRIES["toy"]


def lively(model: VideoUNet) -> VideoUNet:
    """Give layers that begin at zero some weight, so that everything takes part."""
    generator = torch.Generator().manual_seed(0)
    for parameter in model.parameters():
        if not parameter.detach().any():
            parameter.data = 0.05 * torch.randn(parameter.shape, generator=generator)
    return model.eval()


def toy_inputs(frames: int) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(1, frames, *TOY.latent_shape, generator=generator)
    return x, torch.rand(1, frames, generator=generator), torch.rand(1, frames, ENTRIES, generator=generator)


@pytest.mark.parametrize("name", ["toy", "f32-deep", "f16"])
def test_a_picture_comes_back_in_its_size(name: str) -> None:
    """Encoding and decoding keep the picture's size and give latents of the geometry's shape."""
    geometry = GEOMETRIES[name]
    model = Autoencoder(geometry.autoencoder)
    with torch.inference_mode():
        latent = model.encoder(torch.rand(1, 3, geometry.height, geometry.width))
        assert latent.shape[1:] == geometry.latent_shape
        assert model.decoder(latent).shape == (1, 3, geometry.height, geometry.width)
        assert float(latent.abs().max()) <= 3


def test_pictures_of_a_batch_decode_apart() -> None:
    """A latent decodes to the same picture alone and in company."""
    decoder = Decoder(TOY.autoencoder).eval()
    latents = torch.randn(3, *TOY.latent_shape)
    with torch.inference_mode():
        assert torch.allclose(decoder(latents)[1:2], decoder(latents[1:2]), atol=1e-5)


@pytest.mark.parametrize("frames", [1, 2, 7, 16])
def test_any_number_of_frames_passes(frames: int) -> None:
    """The output has the shape of the input for windows of 1 to 16 frames."""
    x, t, cond = toy_inputs(frames)
    assert lively(make_denoiser(TOY))(x, t, cond).shape == x.shape


def test_windows_of_a_batch_do_not_meet() -> None:
    """Two windows pass together as they would apart."""
    model = lively(make_denoiser(TOY))
    x, t, cond = (torch.cat((part, part.flip(1))) for part in toy_inputs(5))
    with torch.inference_mode():
        assert torch.allclose(model(x, t, cond)[1:], model(x[1:], t[1:], cond[1:]), atol=1e-4)


def test_a_window_that_begins_clean_begins_with_a_sink() -> None:
    """The first time of such a window is the sink's; a window that begins noisy keeps all its times."""
    t = torch.tensor([[0.0, 0.0, 0.5], [0.25, 0.5, 0.75]])
    assert torch.equal(with_sink_marked(t), torch.tensor([[SINK_TIME, 0.0, 0.5], [0.25, 0.5, 0.75]]))


def test_a_sink_is_not_taken_for_the_frame_before() -> None:
    """The network can tell a sink from a clean frame at the same place."""
    model = lively(make_denoiser(TOY))
    x, _, cond = toy_inputs(3)
    t = torch.tensor([[0.0, 0.5, 1.0]])
    with torch.inference_mode():
        assert not torch.allclose(model(x, t, cond), model(x, with_sink_marked(t), cond), atol=1e-3)


def test_a_denoiser_grows_without_doing_anything_else(tmp_path: Path) -> None:
    """More blocks than the weights have change nothing at first; another width is refused in words."""
    small = lively(make_denoiser(TOY))
    config = {"geometry": "toy", "scale": 1.0, "text_encoders": 1}
    save_model(tmp_path, config, {"denoiser": small.half()})
    large = make_denoiser(replace(TOY, depths=(2, 3)))
    grow_from(large, tmp_path)
    inputs = toy_inputs(4)
    with torch.inference_mode():
        assert torch.allclose(large(*inputs), small.float()(*inputs), atol=1e-4)
    with pytest.raises(ValueError, match="another shape"):
        grow_from(make_denoiser(replace(TOY, widths=(16, 64))), tmp_path)


@pytest.mark.parametrize("changed", ["time", "prompt"])
def test_a_frames_own_time_and_prompt_matter_most_to_it(changed: str) -> None:
    """Another time or prompt for frame 3 changes frame 3 more than any other."""
    model = lively(make_denoiser(TOY))
    x, t, cond = toy_inputs(6)
    t_2, cond_2 = t.clone(), cond.clone()
    if changed == "time":
        t_2[:, 3] = 1 - t_2[:, 3]
    else:
        cond_2[:, 3] = torch.rand(ENTRIES, generator=torch.Generator().manual_seed(9))
    with torch.inference_mode():
        change_F = (model(x, t, cond) - model(x, t_2, cond_2)).square().mean((0, 2, 3, 4))
    assert int(change_F.argmax()) == 3


@pytest.mark.parametrize("shape", [(16, 48), (48, 16), (20, 20)])
def test_an_update_is_made_orthogonal(shape: tuple[int, int]) -> None:
    """All singular values of the update end up near one."""
    values = torch.linalg.svdvals(orthogonal(torch.randn(shape, generator=torch.Generator().manual_seed(0))))
    assert 0.4 < float(values.min()) and float(values.max()) < 1.5
