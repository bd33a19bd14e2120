"""Parts of a latent diffusion (LDM) checkpoint beside its UNet: an image autoencoder and OpenCLIP's text encoder.

They are put into the classes of diffusers and transformers.
"""

from collections.abc import Mapping
from importlib import import_module
from itertools import count, takewhile
from types import SimpleNamespace
from typing import Any

import diffusers
import torch
import transformers
from torch import Tensor

from fifo_live.models.common.materialise import filled

SCALE = 0.18215
"""What Stable Diffusion's latents are multiplied by before the network sees them."""
HEAD_WIDTH = 64
"""The width of a head in all of OpenCLIP's text encoders."""


def part_of(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Return the tensors whose names begin with `prefix`, without it (nor what DeepSpeed puts before it)."""
    plain = {key.removeprefix("_forward_module."): tensor for key, tensor in tensors.items()}
    return {key.removeprefix(prefix): tensor for key, tensor in plain.items() if key.startswith(prefix)}


def load_vae(tensors: Mapping[str, Tensor]) -> Any:
    """Return the autoencoder, from tensors named as `decoder.conv_in.weight`.

    Raises: ModelError if it is not all there.
    """
    named = "encoder.down.{}.block.{}.conv1.weight"
    levels = list(takewhile(lambda level: named.format(level, 0) in tensors, count()))
    config = {
        "block_out_channels": tuple(len(tensors[named.format(level, 0)]) for level in levels),
        "down_block_types": ("DownEncoderBlock2D",) * len(levels),
        "up_block_types": ("UpDecoderBlock2D",) * len(levels),
        "layers_per_block": len(list(takewhile(lambda layer: named.format(0, layer) in tensors, count()))),
        "latent_channels": tensors["post_quant_conv.weight"].shape[0],
        "scaling_factor": SCALE,
    }
    held = _converters().convert_ldm_vae_checkpoint(dict(tensors), config)
    return filled(lambda: diffusers.AutoencoderKL(**config), held, "autoencoder")


def load_open_clip(tensors: Mapping[str, Tensor]) -> Any:
    """Return OpenCLIP's text encoder without its last layer, from tensors named as `transformer.resblocks.0.ln_1.bias`.

    Stable Diffusion 2 and its kin read the states of the layer before the last.

    Raises: ModelError if it is not all there.
    """
    last = max(int(key.split(".")[2]) for key in tensors if key.startswith("transformer.resblocks."))
    vocabulary, width = tensors["token_embedding.weight"].shape
    num_positions = len(tensors["positional_embedding"])
    config = transformers.CLIPTextConfig(
        vocab_size=vocabulary,
        bos_token_id=vocabulary - 2,
        eos_token_id=vocabulary - 1,
        max_position_embeddings=num_positions,
        hidden_size=width,
        intermediate_size=len(tensors["transformer.resblocks.0.mlp.c_fc.weight"]),
        num_hidden_layers=last,
        num_attention_heads=width // HEAD_WIDTH,
        hidden_act="gelu",
    )
    unread = (f"transformer.resblocks.{last}.", "text_projection")
    read = {key: tensor for key, tensor in tensors.items() if not key.startswith(unread)}
    held = _converters().convert_open_clip_checkpoint(SimpleNamespace(config=config), read, prefix="")
    names = {key.removeprefix("text_model."): tensor for key, tensor in held.items()}
    encoder: Any = filled(lambda: transformers.CLIPTextModel(config), names, "text encoder")
    encoder.embeddings.position_ids = torch.arange(num_positions)[None]
    return encoder


def _converters() -> Any:
    """Return diffusers' converters, which take seconds to import: not before a checkpoint is read."""
    return import_module("diffusers.loaders.single_file_utils")
