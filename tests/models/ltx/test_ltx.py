"""Facts about LTX-Video: its checkpoint files have the published names, its autoencoder makes latents of a clip."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import diffusers
import pytest
import torch
from torch import Tensor

from fifo_live.errors import ModelError
from fifo_live.models.ltx.ltx import FAMILY
from fifo_live.models.ltx.single_file import is_ltx_file, read_transformer, read_vae
from fifo_live.models.ltx.vae import LtxVae
from fifo_live.models.options import LoadOptions
from fifo_live.models.registry import load_model
from tests.models.ltx_stock import published_name, write_ltx, write_ltx_file

FULL_VAE = {
    "block_out_channels": (128, 256, 512, 1024, 2048),
    "down_block_types": ("LTXVideo095DownBlock3D",) * 4,
    "decoder_block_out_channels": (256, 512, 1024),
    "layers_per_block": (4, 6, 6, 2, 2),
    "decoder_layers_per_block": (5, 5, 5, 5),
    "spatio_temporal_scaling": (True,) * 4,
    "decoder_spatio_temporal_scaling": (True,) * 3,
    "decoder_inject_noise": (False,) * 4,
    "downsample_type": ("spatial", "temporal", "spatiotemporal", "spatiotemporal"),
    "upsample_residual": (True,) * 3,
    "upsample_factor": (2,) * 3,
    "timestep_conditioning": True,
    "patch_size": 4,
    "spatial_compression_ratio": 32,
    "temporal_compression_ratio": 8,
}


@pytest.fixture(scope="module")
def file() -> dict[str, Tensor]:
    """The 13B transformer and the autoencoder of 0.9.5 at full size, without numbers, under published names."""
    with torch.device("meta"):
        transformer: Any = diffusers.LTXVideoTransformer3DModel(
            num_layers=48, attention_head_dim=128, cross_attention_dim=4096
        )
        vae: Any = diffusers.AutoencoderKLLTXVideo(**FULL_VAE)
    parts = {"model.diffusion_model.": transformer.state_dict(), "vae.": vae.state_dict()}
    return {f"{prefix}{published_name(key)}": value for prefix, part in parts.items() for key, value in part.items()}


def test_the_published_names_are_those_that_diffusers_converts(file: dict[str, Tensor]) -> None:
    """Diffusers' own conversion gives every tensor the name that ours gives it."""
    convert: Any = import_module("diffusers.loaders.single_file_utils")
    transformer = convert.convert_ltx_transformer_checkpoint_to_diffusers(dict(file))
    assert shapes(transformer) == shapes(read_transformer(file).state_dict())
    vae = convert.convert_ltx_vae_checkpoint_to_diffusers(dict(file))
    assert shapes(vae) == shapes(read_vae(file).state_dict())


def test_the_sizes_of_a_file_follow_from_its_tensors(file: dict[str, Tensor]) -> None:
    """A transformer and an autoencoder of full size are built as their folders' configurations say."""
    transformer: Any = read_transformer(file)
    assert (transformer.config.num_layers, transformer.config.attention_head_dim) == (48, 128)
    vae: Any = read_vae(file)
    assert {key: vae.config[key] for key in FULL_VAE} == FULL_VAE


def test_ltx_2_is_another_family(file: dict[str, Tensor]) -> None:
    """A file with sound is not taken for LTX-Video."""
    sizes = shapes(file)
    assert is_ltx_file(sizes)
    assert not is_ltx_file(sizes | {"model.diffusion_model.audio_patchify_proj.weight": (1, 1)})


def test_an_older_file_is_refused(file: dict[str, Tensor]) -> None:
    """The autoencoder of a file before 0.9.5 is not guessed at."""
    older = file | {"vae.encoder.down_blocks.9.res_blocks.0.conv1.conv.weight": torch.zeros(1)}
    with pytest.raises(ModelError, match="0.9.5 or later; older versions load from folders"):
        read_vae(older)


def test_a_quantised_file_is_refused(file: dict[str, Tensor]) -> None:
    """Numbers of 8 bits are not taken for what they are not."""
    with pytest.raises(ModelError, match="take the one with 16 or 32 bits"):
        read_transformer({key: tensor.to(torch.float8_e4m3fn) for key, tensor in file.items()})


@pytest.mark.parametrize(
    ("name", "card"),
    [
        ("ltxv-2b-0.9.6-distilled-04-25", "Lightricks/LTX-Video"),
        ("ltxv-2b-0.9.6-dev-04-25", "Lightricks/LTX-Video-0.9.5"),
    ],
)
def test_the_name_of_a_file_tells_whether_it_is_distilled(tmp_path: Path, name: str, card: str) -> None:
    """A file gets the schedule of its kind, whatever version it is."""
    file = write_ltx_file(tmp_path).rename(tmp_path / f"{name}.safetensors")
    denoiser = load_model(str(file), LoadOptions(torch.device("cpu"), "float32", width=32, height=32))
    spec = next(known.spec for known in FAMILY.cards if known.hub_id == card)
    assert denoiser.spec == replace(spec, width=32, height=32, latent_shape=(8, 2, 2))


def test_a_clip_becomes_latents_in_the_networks_measure(tmp_path: Path) -> None:
    """The first picture and every eight that follow are encoded and normalised as LTXConditionPipeline does it."""
    vae: Any = diffusers.AutoencoderKLLTXVideo.from_pretrained(write_ltx(tmp_path) / "vae").eval()
    clip_FHWC = torch.randint(256, (17, 32, 32, 3), generator=torch.Generator().manual_seed(0)).byte()
    ours_FCHW = LtxVae(vae).encode(clip_FHWC)
    with torch.inference_mode():
        latent = vae.encode(clip_FHWC.permute(3, 0, 1, 2)[None] / 127.5 - 1).latent_dist.mode()
        theirs = diffusers.LTXPipeline._normalize_latents(latent, vae.latents_mean, vae.latents_std)
    assert ours_FCHW.shape == (3, 8, 2, 2)
    torch.testing.assert_close(ours_FCHW, theirs[0].movedim(0, 1))


def shapes(tensors: dict[str, Tensor]) -> dict[str, tuple[int, ...]]:
    """Return the shape of every tensor."""
    return {key: tuple(tensor.shape) for key, tensor in tensors.items()}
