"""Wan's transformer from one file with the names of its first publication (`blocks.0.self_attn.q.weight`)."""

from collections.abc import Mapping
from typing import Any

import diffusers
import torch
from diffusers.loaders.single_file_utils import convert_wan_transformer_to_diffusers
from torch import Tensor

from fifo_live.errors import ModelError
from fifo_live.models.common.materialise import filled

HEAD_WIDTH = 128
"""The width of a head in all of Wan's transformers."""
SIGN = "blocks.0.self_attn.q.weight"
"""A tensor that every such file has."""
NOT_TEXT_TO_VIDEO = "img_emb.proj.0.weight", "vace_blocks.0.after_proj.bias"
"""Tensors of those that also want a picture or a control signal."""

_FIRST_NAMES = {
    "self_attn_o_": "attn1_to_out_0_",
    "cross_attn_o_": "attn2_to_out_0_",
    "self_attn_norm": "attn1_norm",
    "cross_attn_norm": "attn2_norm",
    "self_attn_": "attn1_to_",
    "cross_attn_": "attn2_to_",
    "ffn_0_": "ffn_net_0_proj_",
    "ffn_2_": "ffn_net_2_",
    "norm3_": "norm2_",
    "time_embedding_0_": "condition_embedder_time_embedder_linear_1_",
    "time_embedding_2_": "condition_embedder_time_embedder_linear_2_",
    "text_embedding_0_": "condition_embedder_text_embedder_linear_1_",
    "text_embedding_2_": "condition_embedder_text_embedder_linear_2_",
    "time_projection_1_": "condition_embedder_time_proj_",
    "head_head_": "proj_out_",
}
"""What a layer was first called, and what it is called here; underscores for dots."""


def layer_name(name: str) -> str:
    """Return what a layer is called here, by its first name or this one, as LoRAs name it: underscores for dots."""
    name = f"{name}_"
    for first, ours in _FIRST_NAMES.items():
        name = name.replace(first, ours)
    return name.removesuffix("_")


def is_wan_file(shapes: Mapping[str, tuple[int, ...]]) -> bool:
    """Tell whether a file holds a text-to-video transformer of Wan's."""
    return SIGN in shapes and "patch_embedding.weight" in shapes and not any(key in shapes for key in NOT_TEXT_TO_VIDEO)


def read_transformer(tensors: Mapping[str, Tensor], dtype: torch.dtype) -> Any:
    """Return the transformer; its sizes are those of the tensors.

    Raises: ModelError if it is not all there, or its numbers are in a format that needs scales of their own.
    """
    if any(tensor.element_size() < 2 for tensor in tensors.values()):
        raise ModelError("The checkpoint file is quantised; take the one with 16 or 32 bits.")
    width, in_channels, *patch = tensors["patch_embedding.weight"].shape
    config: dict[str, Any] = {
        "patch_size": tuple(patch),
        "num_attention_heads": max(1, width // HEAD_WIDTH),
        "attention_head_dim": min(width, HEAD_WIDTH),
        "in_channels": in_channels,
        "out_channels": len(tensors["head.head.bias"]) // torch.Size(patch).numel(),
        "text_dim": tensors["text_embedding.0.weight"].shape[1],
        "freq_dim": tensors["time_embedding.0.weight"].shape[1],
        "ffn_dim": len(tensors["blocks.0.ffn.0.bias"]),
        "num_layers": 1 + max(int(key.split(".")[1]) for key in tensors if key.startswith("blocks.")),
    }
    cls: Any = diffusers.WanTransformer3DModel
    held = {
        key: tensor.to(torch.float32 if set(key.split(".")) & set(cls._keep_in_fp32_modules) else dtype)
        for key, tensor in convert_wan_transformer_to_diffusers(dict(tensors)).items()
    }
    transformer = filled(lambda: cls(**config), held, "transformer")
    transformer.rope = type(transformer.rope)(
        config["attention_head_dim"], config["patch_size"], transformer.config.rope_max_seq_len
    )
    return transformer
