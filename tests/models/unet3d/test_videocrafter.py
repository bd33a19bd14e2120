"""Facts about VideoCrafter's one file: which of the three it is, what its text encoder says, how it fails."""

from pathlib import Path

import pytest
import torch
from tokenizers.pre_tokenizers import ByteLevel

from fifo_live.config import Config
from fifo_live.errors import ModelError
from fifo_live.models.contract import Denoiser
from fifo_live.models.loading import load_denoiser
from fifo_live.models.unet3d.lvdm import load_unet
from fifo_live.models.unet3d.network import PerFrameUNet
from fifo_live.models.unet3d.videocrafter import FAMILY, FIRST_512, FIRST_1024, SECOND, card_of, recognises
from tests.models import videocrafter_stock as stock

UNET = "model.diffusion_model."


def shapes_of(version: int, *, has_rate: bool) -> dict[str, tuple[int, ...]]:
    """Return the shapes of a file's UNet."""
    return {UNET + key: tuple(t.shape) for key, t in stock.Unet(version, has_rate=has_rate).state_dict().items()}


def load(path: Path) -> Denoiser:
    """Load a checkpoint as --model does."""
    model = {"name": str(path), "device": "cpu", "dtype": "float32", "width": 32, "height": 32}
    return load_denoiser(Config.from_dict({"model": model, "engine": {"threads": 1}}))


@pytest.mark.parametrize(
    ("version", "has_rate", "card"), [(2, True, SECOND), (1, True, FIRST_1024), (1, False, FIRST_512)]
)
def test_the_tensors_tell_which_model_it_is(version: int, has_rate: bool, card: object) -> None:
    """The file is called model.ckpt in all three repositories; what it holds tells them apart."""
    shapes = shapes_of(version, has_rate=has_rate)
    assert recognises(shapes)
    assert card_of({key.removeprefix(UNET): shape for key, shape in shapes.items()}) is card


def test_a_model_that_looks_at_a_picture_is_another() -> None:
    """The picture-to-video UNets of VideoCrafter are not taken for text-to-video ones."""
    key = f"{UNET}middle_block.1.transformer_blocks.0.attn2.to_k_ip.weight"
    assert not recognises({**shapes_of(2, has_rate=True), key: (64, 64)})


def test_without_a_frame_rate_the_forward_is_the_published_one() -> None:
    """VideoCrafter1-512 is told no frame rate."""
    theirs = stock.unet(1, has_rate=False)
    ours = PerFrameUNet(load_unet(theirs.state_dict(), fps=8.0).eval())
    x_BFCHW, text_BLD = torch.randn(1, 5, 4, 4, 6), torch.randn(1, 7, stock.TEXT_WIDTH)
    with torch.inference_mode():
        expected = theirs(x_BFCHW.transpose(1, 2), 300.0, text_BLD).transpose(1, 2)
        found = ours(x_BFCHW, torch.full((1, 5), 300.0), text_BLD[:, None].expand(1, 5, -1, -1))
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)


def test_prompts_are_read_as_open_clip_reads_them(tmp_path: Path) -> None:
    """A prompt becomes the states of the layer before the last, with token 0 behind its end."""
    denoiser = load(stock.write(tmp_path, 1, has_rate=False))
    tokens = torch.zeros(1, 77, dtype=torch.long)
    # The tiny tokenizer numbers the bytes as they are sorted, first within a word, then at its end.
    letters = sorted(ByteLevel.alphabet())
    tokens[0, :4] = torch.tensor([512, letters.index("h"), len(letters) + letters.index("i"), 513])
    with torch.inference_mode():
        expected = stock.text_tower()(tokens)
    torch.testing.assert_close(denoiser.encode_prompts(["hi"]), expected, rtol=1e-5, atol=1e-5)


def test_a_file_without_a_part_is_refused(tmp_path: Path) -> None:
    """A UNet alone is not enough, and one that lacks a tensor is named."""
    path = stock.write(tmp_path, 2)
    whole = torch.load(path)["state_dict"]
    torch.save({key: tensor for key, tensor in whole.items() if key.startswith(UNET)}, path)
    with pytest.raises(ModelError, match="no autoencoder"):
        load(path)
    torch.save({key: tensor for key, tensor in whole.items() if key != f"{UNET}out.0.bias"}, path)
    with pytest.raises(ModelError, match="conv_norm_out.bias"):
        load(path)


def test_whoever_loads_one_is_told_what_its_authors_ask_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All three are for research; the file itself tells which one it is."""
    assert load(stock.write(tmp_path, 1, has_rate=False)).spec.name == FIRST_512.spec.name
    assert f"The weights of {FIRST_512.spec.name} are for non-commercial use only" in capsys.readouterr().err
    assert all(card.spec.non_commercial for card in FAMILY.cards)
