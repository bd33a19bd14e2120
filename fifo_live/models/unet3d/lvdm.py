"""VideoCrafter's UNet as it is published (LVDM), put into diffusers' `UNet3DConditionModel`.

The two compute the same (arXiv 2310.19512, 2401.09047). What differs is absorbed here: names, convolutions over one
frame that are linear layers, the frame rate's embedding, which for a fixed rate is a bias; and, in VideoCrafter1,
attention with relative positions and no convolutions over time.
"""

import re
from collections.abc import Mapping
from typing import Any

import diffusers
import torch
from torch import Tensor, nn
from torch.nn.functional import linear, silu

from fifo_live.models.common.materialise import filled
from fifo_live.models.unet3d.relative_attention import RelativeAttention

INIT_HEADS = 8
"""Heads of the attention over frames that follows the first convolution."""
_TABLE = "init_attn.0.transformer_blocks.0.attn1.relative_position_k.embeddings_table"
_RATE = "fps_embedding"
_WHOLE = {
    "time_embed.0": "time_embedding.linear_1",
    "time_embed.2": "time_embedding.linear_2",
    "input_blocks.0.0": "conv_in",
    "init_attn.0": "transformer_in",
    "out.0": "conv_norm_out",
    "out.2": "conv_out",
}
_KINDS = ("resnets", "attentions", "temp_attentions", "resnets")
_INSIDE = {
    "op": "downsamplers.0.conv",
    "conv": "upsamplers.0.conv",
    "temopral_conv": "temp_convs",
    "in_layers.0": "norm1",
    "in_layers.2": "conv1",
    "emb_layers.1": "time_emb_proj",
    "out_layers.0": "norm2",
    "out_layers.3": "conv2",
    "skip_connection": "conv_shortcut",
}
_TABLES = {"relative_position_k.embeddings_table": "keys_RD", "relative_position_v.embeddings_table": "values_RD"}
_BLOCK = re.compile(r"(?P<side>input|middle|output)_blocks?(?:\.(?P<number>\d+))?\.(?P<place>\d+)\.(?P<inside>.+)")


def load_unet(tensors: Mapping[str, Tensor], fps: float) -> Any:
    """Return the UNet; `tensors` are those of the published one, `fps` is the frame rate it is told.

    Raises: ModelError if it is not a VideoCrafter UNet.
    """
    config = unet_config({key: tuple(tensor.shape) for key, tensor in tensors.items()})
    table = tensors.get(_TABLE)
    held = {
        _rename(key, config["layers_per_block"]): _value(key, tensor)
        for key, tensor in tensors.items()
        if not key.startswith(_RATE)
    }

    def make() -> Any:
        unet = diffusers.UNet3DConditionModel(**config)
        return unet if table is None else _as_first_version(unet, farthest=len(table) // 2)

    unet = filled(make, held, "UNet")
    if f"{_RATE}.0.weight" in tensors:
        last = unet.time_embedding.linear_2
        last.bias = nn.Parameter(last.bias + _rate_bias(tensors, unet.time_proj(torch.tensor([fps]))))
    return unet


def unet_config(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
    """Return what `UNet3DConditionModel` wants to know, read off the tensors' shapes."""
    resnets = [key for key in shapes if re.fullmatch(r"input_blocks\.\d+\.0\.in_layers\.2\.weight", key)]
    levels = 1 + sum(bool(re.fullmatch(r"input_blocks\.\d+\.0\.op\.weight", key)) for key in shapes)
    layers = len(resnets) // levels
    firsts = [f"input_blocks.{1 + level * (layers + 1)}" for level in range(levels)]
    attends = [f"{first}.1.norm.weight" in shapes for first in firsts]
    return {
        "in_channels": shapes["input_blocks.0.0.weight"][1],
        "out_channels": shapes["out.2.weight"][0],
        "block_out_channels": tuple(shapes[f"{first}.0.in_layers.2.weight"][0] for first in firsts),
        "down_block_types": tuple("CrossAttnDownBlock3D" if attend else "DownBlock3D" for attend in attends),
        "up_block_types": tuple("CrossAttnUpBlock3D" if attend else "UpBlock3D" for attend in reversed(attends)),
        "layers_per_block": layers,
        "cross_attention_dim": shapes["middle_block.1.transformer_blocks.0.attn2.to_k.weight"][1],
        "attention_head_dim": shapes["init_attn.0.proj_in.weight"][0] // INIT_HEADS,
    }


def _rename(key: str, layers: int) -> str:
    """Return diffusers' name of a tensor, or the same if it has none there."""
    for old, new in _TABLES.items():
        key = key.replace(old, f"processor.{new}")
    for old, new in _WHOLE.items():
        if key.startswith(f"{old}."):
            return new + key.removeprefix(old)
    found = _BLOCK.fullmatch(key)
    if found is None:
        return key
    place = int(found["place"])
    if found["side"] == "middle":
        block, layer = "mid_block", place // 3
    else:
        level, layer = divmod(int(found["number"]) - (found["side"] == "input"), layers + 1)
        block = f"{'down' if found['side'] == 'input' else 'up'}_blocks.{level}"
    for old, new in _INSIDE.items():
        if found["inside"].startswith(f"{old}."):
            rest = found["inside"].removeprefix(old)
            if "samplers" in new:
                return f"{block}.{new}{rest}"
            return f"{block}.{new}.{layer}{rest}" if new == "temp_convs" else f"{block}.resnets.{layer}.{new}{rest}"
    return f"{block}.{_KINDS[place]}.{layer}.{found['inside']}"


def _value(key: str, tensor: Tensor) -> Tensor:
    """Return a tensor as diffusers has it: a convolution over one frame is a linear layer."""
    return tensor.squeeze(-1) if key.startswith("init_attn.0.proj_") and tensor.ndim > 2 else tensor


def _rate_bias(tensors: Mapping[str, Tensor], waves: Tensor) -> Tensor:
    """Return what the frame rate adds to the embedding of the time; `waves` are its cosines and sines."""
    (w1, b1), (w2, b2) = ((tensors[f"{_RATE}.{i}.weight"], tensors[f"{_RATE}.{i}.bias"]) for i in (0, 2))
    return linear(silu(linear(waves.to(w1.dtype), w1, b1)), w2, b2)[0]


class _Untouched(nn.Module):
    """Stands where VideoCrafter1 has no convolution over time."""

    def forward(self, x: Tensor, num_frames: int) -> Tensor:
        return x


def _as_first_version(unet: Any, *, farthest: int) -> Any:
    """Return the UNet with VideoCrafter1's attention over frames, and without convolutions over them."""
    for name, module in unet.named_modules():
        if re.search(r"(temp_attentions|transformer_in)\..*attn[12]$", name):
            module.set_processor(RelativeAttention(farthest, module.to_q.out_features // module.heads))
    for block in (*unet.down_blocks, unet.mid_block, *unet.up_blocks):
        block.temp_convs = nn.ModuleList(_Untouched() for _ in block.temp_convs)
    return unet
