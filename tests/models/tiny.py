"""Tiny random parts of models, written to disk in the layouts that real ones are published in."""

import io
import json
from pathlib import Path
from typing import Any

import diffusers
import sentencepiece
import torch
import transformers
from safetensors.torch import load_file, save_file
from tokenizers.pre_tokenizers import ByteLevel

TEXT_WIDTH = 16
SMALL_LATTE = {
    "num_attention_heads": 2,
    "attention_head_dim": 8,
    "cross_attention_dim": 16,
    "caption_channels": TEXT_WIDTH,
    "in_channels": 4,
    "out_channels": 8,
    "num_layers": 2,
    "patch_size": 2,
    "activation_fn": "gelu-approximate",
    "attention_bias": True,
    "norm_type": "ada_norm_single",
    "norm_elementwise_affine": False,
    "norm_eps": 1e-6,
    "num_embeds_ada_norm": 1000,
}
SENTENCES = ("a calm sea at sunset", "red fire in the night", "snow falls on the city", "the", "quick brown fox jumps")
DDIM = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "prediction_type": "epsilon",
    "num_train_timesteps": 1000,
}


def fill(module: Any, seed: int = 0) -> Any:
    """Give a module random weights that depend on the seed alone, none of them zero, so that every part matters."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            if parameter.ndim > 1:
                fan_in = parameter[0].numel()
                parameter.copy_(torch.randn(parameter.shape, generator=generator) / fan_in**0.5)
            else:
                parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.1)
    return module.eval()


def write_index(folder: Path, pipeline: str) -> None:
    """Write the file by which a folder in diffusers' layout is recognised."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model_index.json").write_text(json.dumps({"_class_name": pipeline}))


def write_part(folder: Path, module: Any, seed: int = 0, **how: Any) -> None:
    """Save a part with random weights; `how` goes to `save_pretrained` (variant, max_shard_size)."""
    fill(module, seed).save_pretrained(folder, **how)


def write_scheduler(folder: Path, scheduler: Any) -> None:
    """Save a scheduler's configuration."""
    scheduler.save_pretrained(folder)


def write_clip(folder: Path, width: int = TEXT_WIDTH) -> None:
    """Write `text_encoder` and `tokenizer` of a CLIP that reads any text, byte by byte."""
    config = transformers.CLIPTextConfig(
        vocab_size=514,
        hidden_size=width,
        intermediate_size=2 * width,
        num_hidden_layers=2,
        num_attention_heads=2,
        bos_token_id=512,
        eos_token_id=513,
    )
    write_part(folder / "text_encoder", transformers.CLIPTextModel(config))
    # Published files have the keys of older versions of transformers.
    file = folder / "text_encoder" / "model.safetensors"
    save_file({f"text_model.{key}": tensor for key, tensor in load_file(file).items()}, file, {"format": "pt"})
    write_clip_tokenizer(folder / "tokenizer")


def write_clip_tokenizer(folder: Path) -> None:
    """Write CLIP's vocab.json and merges.txt with nothing but the bytes, each also as the end of a word."""
    folder.mkdir(parents=True)
    letters = sorted(ByteLevel.alphabet())
    words = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({word: number for number, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    config = {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, "pad_token": "<|endoftext|>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))


def write_t5(folder: Path, width: int = TEXT_WIDTH, *, is_umt5: bool = False) -> None:
    """Write `text_encoder` and `tokenizer` of a T5 (or UMT5), the latter as the spiece.model that is published."""
    write_t5_tokenizer(folder / "tokenizer")
    kind: Any = transformers.UMT5Config if is_umt5 else transformers.T5Config
    cls: Any = transformers.UMT5EncoderModel if is_umt5 else transformers.T5EncoderModel
    config = kind(
        vocab_size=200,
        d_model=width,
        d_kv=width // 2,
        d_ff=2 * width,
        num_layers=2,
        num_heads=2,
        feed_forward_proj="gated-gelu",
    )
    write_part(folder / "text_encoder", cls(config))


def write_t5_tokenizer(folder: Path) -> None:
    """Write a spiece.model that was trained on a few sentences."""
    folder.mkdir(parents=True)
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 20),
        model_writer=model,
        vocab_size=60,
        hard_vocab_limit=False,
        pad_id=0,
        eos_id=1,
        unk_id=2,
        bos_id=-1,
        num_threads=1,
        minloglevel=2,
    )
    (folder / "spiece.model").write_bytes(model.getvalue())
    config = {"tokenizer_class": "T5Tokenizer", "model_max_length": 512, "extra_ids": 100}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))


def write_image_vae(folder: Path) -> None:
    """Write the `vae` of Stable Diffusion in small: 4 latent channels, a cell stands for 8x8 pixels."""
    vae = diffusers.AutoencoderKL(
        block_out_channels=(4, 4, 4, 4),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        latent_channels=4,
        norm_num_groups=2,
        scaling_factor=0.18215,
    )
    write_part(folder / "vae", vae)
