"""Facts about text encoders: tokenizers as they are published, padding, where they run."""

import json
import shutil
from pathlib import Path

import pytest
import sentencepiece
import torch
import transformers
from safetensors.torch import load_file
from torch import Tensor

from fifo_live.errors import ModelError
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.common.text_encoder import Padding, load_clip, load_t5, split_mask
from fifo_live.models.options import LoadOptions
from fifo_live.models.unet3d.modelscope import FAMILY
from tests.models.tiny import TEXT_WIDTH, write_clip, write_t5

CPU = torch.device("cpu")
TEXTS = ["a calm sea at sunset", "red fire", ""]


def checkpoint(folder: Path, dtype: str = "float32") -> Checkpoint:
    """Return a folder as the registry hands it to an adapter."""
    return Checkpoint(folder, FAMILY.cards[0], LoadOptions(CPU, dtype), CPU)


def test_clip_is_read_as_published(tmp_path: Path) -> None:
    """Every text has states of its own for 77 tokens; the weights of the file are those in the encoder."""
    write_clip(tmp_path)
    states = load_clip(checkpoint(tmp_path)).encode(TEXTS)
    assert states.shape == (3, 77, TEXT_WIDTH)
    assert states.dtype == torch.float32
    assert not torch.allclose(states[0], states[1])


@pytest.mark.parametrize("is_umt5", [False, True])
def test_t5_is_read_as_published(tmp_path: Path, is_umt5: bool) -> None:
    """A spiece.model is enough for a tokenizer, and the pieces are those that it was trained to."""
    write_t5(tmp_path, is_umt5=is_umt5)
    states, mask = split_mask(_t5(tmp_path, "mark", is_umt5=is_umt5))
    assert states.shape == (3, 20, TEXT_WIDTH)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(tmp_path / "tokenizer" / "spiece.model"))
    assert mask.sum(-1).tolist() == [len(pieces.encode(text)) + 1 for text in TEXTS]


def test_a_repository_may_be_nothing_but_a_t5(tmp_path: Path) -> None:
    """DeepFloyd/t5-v1_1-xxl has no folders, and its weights in numbered .bin files with an index."""
    write_t5(tmp_path / "folders")
    tensors = load_file(tmp_path / "folders" / "text_encoder" / "model.safetensors")
    shard = "pytorch_model-00001-of-00001.bin"
    torch.save(tensors, tmp_path / shard)
    index = {"metadata": {}, "weight_map": dict.fromkeys(tensors, shard)}
    (tmp_path / "pytorch_model.bin.index.json").write_text(json.dumps(index))
    for name in ("text_encoder/config.json", "tokenizer/spiece.model", "tokenizer/tokenizer_config.json"):
        shutil.copy(tmp_path / "folders" / name, tmp_path)
    found = load_t5(checkpoint(tmp_path), max_tokens=20, padding="mark", parts=("", "")).encode(TEXTS)
    assert torch.equal(found, _t5(tmp_path / "folders", "mark"))


def test_padding_is_kept_or_cleared(tmp_path: Path) -> None:
    """`zero` clears the states behind the end of a text, `keep` leaves them, and both agree before the end."""
    write_t5(tmp_path)
    states, mask = split_mask(_t5(tmp_path, "mark"))
    cleared = _t5(tmp_path, "zero")
    assert torch.equal(cleared, states * mask[..., None])
    assert not bool((_t5(tmp_path, "keep")[~mask] == 0).any())


def test_a_missing_tokenizer_is_a_sentence(tmp_path: Path) -> None:
    """Without its folder, or with an empty one, the error says so."""
    write_clip(tmp_path)
    for file in (tmp_path / "tokenizer").iterdir():
        file.unlink()
    with pytest.raises(ModelError, match="vocab.json is missing"):
        load_clip(checkpoint(tmp_path))
    (tmp_path / "tokenizer").rmdir()
    with pytest.raises(ModelError, match="it has no folder 'tokenizer'"):
        load_clip(checkpoint(tmp_path))


def test_on_a_cpu_text_is_never_float16(tmp_path: Path) -> None:
    """An encoder that is put on the CPU beside a float16 network runs in bfloat16."""
    assert checkpoint(tmp_path, "float16").text_dtype == torch.bfloat16


def _t5(folder: Path, padding: Padding, *, is_umt5: bool = False) -> Tensor:
    cls = transformers.UMT5EncoderModel if is_umt5 else transformers.T5EncoderModel
    return load_t5(checkpoint(folder), max_tokens=20, padding=padding, cls=cls).encode(TEXTS)
