"""The tiny video decoder does what its publisher describes, and a stream of it is a whole decode."""

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn.functional import conv2d, interpolate, pixel_shuffle

from fifo_live.config import Config
from fifo_live.errors import ModelError
from fifo_live.models.loading import load_denoiser
from tests.models.tiny import write_index
from tests.models.wan_stock import write_wan

WIDTHS, GROWTHS, CHANNELS = (8, 6, 4, 4), (1, 2, 2), 4


def tensors_of(channels: int = CHANNELS, patch: int = 1) -> dict[str, Tensor]:
    """Return random tensors, named and shaped as TAEHV's decoder has them: a clamp is 0, the first convolution 1."""
    generator = torch.Generator().manual_seed(0)
    found: dict[str, Tensor] = {}

    def add(name: str, *shape: int) -> None:
        scale = 0.1 if len(shape) == 1 else torch.Size(shape[1:]).numel() ** -0.5
        found[f"decoder.{name}"] = scale * torch.randn(shape, generator=generator)

    add("1.weight", WIDTHS[0], channels, 3, 3)
    add("1.bias", WIDTHS[0])
    for stage, (width, growth, following) in enumerate(zip(WIDTHS, GROWTHS, WIDTHS[1:], strict=False)):
        for place in range(3 + 6 * stage, 6 + 6 * stage):
            for layer, taken in ((0, 2 * width), (2, width), (4, width)):
                add(f"{place}.conv.{layer}.weight", width, taken, 3, 3)
                add(f"{place}.conv.{layer}.bias", width)
        add(f"{7 + 6 * stage}.conv.weight", growth * width, width, 1, 1)
        add(f"{8 + 6 * stage}.weight", following, width, 3, 3)
    add("22.weight", 3 * patch**2, WIDTHS[3], 3, 3)
    add("22.bias", 3 * patch**2)
    return found


def whole(tensors: dict[str, Tensor], x_FCHW: Tensor, patch: int) -> Tensor:
    """Decode as described: every frame by itself, but that memories see the frame before."""
    row = {key.removeprefix("decoder."): tensor for key, tensor in tensors.items()}

    def conv(name: str, x: Tensor) -> Tensor:
        return conv2d(x, row[f"{name}.weight"], row.get(f"{name}.bias"), padding=1)

    frames = [torch.tanh(x / 3) * 3 for x in x_FCHW.split(1)]
    for place in range(1, 23):
        if f"{place}.conv.0.weight" in row:
            befores = [torch.zeros_like(frames[0]), *frames[:-1]]
            both = [torch.cat(pair, 1) for pair in zip(frames, befores, strict=True)]
            for layer in (0, 2):
                both = [conv(f"{place}.conv.{layer}", x).relu() for x in both]
            frames = [(conv(f"{place}.conv.4", b) + x).relu() for b, x in zip(both, frames, strict=True)]
        elif f"{place}.conv.weight" in row:
            grown = [conv2d(x, row[f"{place}.conv.weight"]) for x in frames]
            frames = [one for x in grown for one in x.split(frames[0].shape[1], 1)]
        elif f"{place}.weight" in row:
            frames = [conv(str(place), x) for x in frames]
        else:
            frames = [x.relu() if place in (2, 21) else interpolate(x, scale_factor=2) for x in frames]
    return pixel_shuffle(torch.cat(frames[3:]), patch).clamp(0, 1)


def load(tmp_path: Path, tensors: dict[str, Tensor]) -> Any:
    name = str(write_wan(tmp_path / "model"))
    file = tmp_path / "taew2_1.safetensors"
    save_file(tensors | {"encoder.0.weight": torch.zeros(1)}, file)
    model = {"name": name, "device": "cpu", "dtype": "float32", "width": 32, "height": 32}
    return load_denoiser(Config.from_dict({"model": {**model, "decoder": f"tiny:{file}"}}))


@pytest.mark.parametrize("patch", [1, 2])
def test_a_stream_is_what_is_described(patch: int, tmp_path: Path) -> None:
    """Latent by latent it gives 1 picture, then 4 each, those of a whole decode; it begins anew after a reset."""
    tensors = tensors_of(patch=patch)
    denoiser = load(tmp_path, tensors)
    decoder = denoiser.decoder()
    x = torch.randn(5, *denoiser.spec.latent_shape, generator=torch.Generator().manual_seed(1))
    assert denoiser.spec.latent_shape == (CHANNELS, 32 // (8 * patch), 32 // (8 * patch))
    for _ in range(2):
        parts = [decoder.decode(part) for part in x.split((1, 1, 3))]
        assert [len(part) for part in parts] == [1, 4, 12]
        expected = (whole(tensors, x, patch) * 255).permute(0, 2, 3, 1)
        assert float((torch.cat(parts) - expected).abs().max()) <= 0.51
        decoder.reset()


def test_what_is_no_tiny_decoder_is_refused(tmp_path: Path) -> None:
    """A decoder for other latents, one with tensors missing, and other files each get a sentence."""
    with pytest.raises(ModelError, match="takes 4 channels, a latent has 5"):
        load(tmp_path / "other", tensors_of(channels=5))
    broken = tensors_of()
    del broken["decoder.22.weight"]
    with pytest.raises(ModelError, match="tiny decoder"):
        load(tmp_path / "broken", broken)
    with pytest.raises(ModelError, match="no tiny video autoencoder"):
        load(tmp_path / "empty", {})


def test_a_tiny_decoder_is_named_or_refused(tmp_path: Path) -> None:
    """A family with no published one wants a file; a family whose adapter takes none says so."""
    wan, cogvideox = str(write_wan(tmp_path / "wan")), str(tmp_path / "cogvideox")
    write_index(Path(cogvideox), "CogVideoXPipeline")
    for name, decoder, fault in ((wan, "tiny", "as tiny:PATH"), (cogvideox, f"tiny:{wan}", "takes no tiny decoder")):
        with pytest.raises(ModelError, match=fault):
            load_denoiser(Config.from_dict({"model": {"name": name, "device": "cpu", "decoder": decoder}}))


def test_has_no_encoder(tmp_path: Path) -> None:
    """A stream cannot begin with a picture and a tiny decoder."""
    with pytest.raises(ModelError, match="no encoder"):
        load(tmp_path, tensors_of()).encode_pictures(torch.zeros(1, 32, 32, 3, dtype=torch.uint8))
