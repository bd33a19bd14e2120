"""Facts about CogVideoX: what it makes of a clip, and what is refused."""

import json
from pathlib import Path

import diffusers
import pytest
import torch
from torch import Tensor

from fifo_live.errors import ModelError
from fifo_live.models.contract import Denoiser
from fifo_live.models.options import LoadOptions
from fifo_live.models.registry import load_model
from tests.models.cogvideox_stock import write_cogvideox_2b

OPTIONS = LoadOptions(torch.device("cpu"), "float32", width=32, height=32)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny 2B model."""
    return write_cogvideox_2b(tmp_path_factory.mktemp("cogvideox"))


@pytest.fixture(scope="module")
def denoiser(path: Path) -> Denoiser:
    """The same, loaded."""
    torch.set_num_threads(1)
    return load_model(str(path), OPTIONS)


@pytest.mark.parametrize("num_latents", [1, 2, 3, 5])
def test_every_four_pictures_become_a_latent(path: Path, denoiser: Denoiser, num_latents: int) -> None:
    """A clip is encoded as AutoencoderKLCogVideoX does it, in the measure of the network."""
    clip_FHWC = torch.randint(256, (4 * num_latents, 32, 32, 3), generator=torch.Generator().manual_seed(0)).byte()
    ours_FCHW = denoiser.encode_pictures(clip_FHWC)
    vae = diffusers.AutoencoderKLCogVideoX.from_pretrained(path / "vae", local_files_only=True).eval()
    with torch.inference_mode():
        theirs: Tensor = vae.encode(clip_FHWC.permute(3, 0, 1, 2)[None] / 127.5 - 1).latent_dist.mode()
    assert ours_FCHW.shape == (num_latents, *denoiser.spec.latent_shape)
    torch.testing.assert_close(ours_FCHW, theirs[0].movedim(0, 1) * vae.config.scaling_factor)


def test_a_single_latent_is_not_decoded(denoiser: Denoiser) -> None:
    """One latent would become one frame, so the decoder asks for a chunk of two."""
    with pytest.raises(ModelError, match="set engine.chunk to an even number"):
        denoiser.decoder().decode(torch.zeros(1, *denoiser.spec.latent_shape))


def test_a_network_that_joins_two_latents_is_refused(path: Path, tmp_path: Path) -> None:
    """CogVideoX 1.5 makes one token of two latents, which cannot have two times."""
    folder = tmp_path / "model"
    folder.mkdir()
    for part in path.iterdir():
        if part.name != "transformer":
            (folder / part.name).symlink_to(part)
    (folder / "transformer").mkdir()
    for file in (path / "transformer").iterdir():
        (folder / "transformer" / file.name).write_bytes(file.read_bytes())
    config = folder / "transformer" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"patch_size_t": 2}))
    with pytest.raises(ModelError, match="1.5 .* cannot run here"):
        load_model(str(folder), OPTIONS)
