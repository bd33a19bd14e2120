"""LTX-Video as one checkpoint file, as Lightricks publishes it: transformer and autoencoder of version 0.9.5 or later.

The sizes follow from the tensors' shapes; what does not is written out here.
"""

import re
from collections.abc import Mapping
from typing import Any

import diffusers
from torch import Tensor, nn

from fifo_live.errors import ModelError
from fifo_live.models.common.materialise import filled
from fifo_live.models.family import Shapes

TRANSFORMER, VAE = "model.diffusion_model.", "vae."
HEADS = 32
RENAMED = {
    "patchify_proj": "proj_in",
    "adaln_single": "time_embed",
    "q_norm": "norm_q",
    "k_norm": "norm_k",
    "res_blocks": "resnets",
    "last_time_embedder": "time_embedder",
    "last_scale_shift_table": "scale_shift_table",
    "per_channel_statistics.mean-of-means": "latents_mean",
    "per_channel_statistics.std-of-means": "latents_std",
}
"""What diffusers calls parts of the names."""
UNUSED = "per_channel_statistics."

_BLOCK = re.compile(r"(encoder\.down|decoder\.up)_blocks\.(\d+)\.(.*)")
_LAST_DOWN_BLOCK = 8


def is_ltx_file(shapes: Shapes) -> bool:
    """Tell LTX-Video from LTX-2, which has sound too."""
    return f"{TRANSFORMER}patchify_proj.weight" in shapes and f"{TRANSFORMER}audio_patchify_proj.weight" not in shapes


def read_transformer(tensors: Mapping[str, Tensor]) -> nn.Module:
    """Return the transformer of a file.

    Raises: ModelError if its tensors are not those of LTX-Video, or its numbers have 8 bits.
    """
    if any(tensor.element_size() < 2 for tensor in tensors.values()):
        raise ModelError("The checkpoint file is quantised; take the one with 16 or 32 bits.")
    found = {_renamed(key): tensor for key, tensor in _below(tensors, TRANSFORMER).items()}
    config = {
        "in_channels": found["proj_in.weight"].shape[1],
        "out_channels": found["proj_out.weight"].shape[0],
        "num_attention_heads": HEADS,
        "attention_head_dim": found["proj_in.weight"].shape[0] // HEADS,
        "cross_attention_dim": found["transformer_blocks.0.attn2.to_k.weight"].shape[1],
        "caption_channels": found["caption_projection.linear_1.weight"].shape[1],
        "num_layers": _count(found, r"transformer_blocks\.(\d+)\."),
    }
    return filled(lambda: diffusers.LTXVideoTransformer3DModel(**config), found, "transformer")


def read_vae(tensors: Mapping[str, Tensor]) -> nn.Module:
    """Return the autoencoder of a file.

    Raises: ModelError if it is not there, or older than version 0.9.5.
    """
    below = _below(tensors, VAE)
    if f"encoder.down_blocks.{_LAST_DOWN_BLOCK}.res_blocks.0.conv1.conv.weight" not in below or (
        f"encoder.down_blocks.{_LAST_DOWN_BLOCK + 1}.res_blocks.0.conv1.conv.weight" in below
    ):
        raise ModelError(
            "The file holds no autoencoder of LTX-Video 0.9.5 or later; older versions load from folders in "
            "diffusers' layout."
        )
    found = {_in_diffusers(key): tensor for key, tensor in below.items()}
    found = {key: tensor for key, tensor in found.items() if not key.startswith(UNUSED)}
    return filled(lambda: diffusers.AutoencoderKLLTXVideo(**_vae_config(found)), found, "autoencoder")


def _vae_config(found: Mapping[str, Tensor]) -> dict[str, Any]:
    down = [f"encoder.down_blocks.{i}" for i in range(4)] + ["encoder.mid_block"]
    up = [f"decoder.up_blocks.{i}" for i in (2, 1, 0)] + ["decoder.mid_block"]
    channels = {block: found[f"{block}.resnets.0.conv1.conv.weight"].shape[0] for block in (*down, *up)}
    layers = {block: _count(found, rf"{re.escape(block)}\.resnets\.(\d+)\.") for block in (*down, *up)}
    patch = round((found["encoder.conv_in.conv.weight"].shape[1] / 3) ** 0.5)
    return {
        "latent_channels": found["decoder.conv_in.conv.weight"].shape[1],
        "block_out_channels": tuple(channels[block] for block in down),
        "decoder_block_out_channels": tuple(2 * channels[block] for block in up[:3]),
        "layers_per_block": tuple(layers[block] for block in down),
        "decoder_layers_per_block": tuple(layers[block] for block in up),
        "down_block_types": ("LTXVideo095DownBlock3D",) * 4,
        "downsample_type": ("spatial", "temporal", "spatiotemporal", "spatiotemporal"),
        "spatio_temporal_scaling": (True,) * 4,
        "decoder_spatio_temporal_scaling": (True,) * 3,
        "decoder_inject_noise": (False,) * 4,
        "upsample_residual": (True,) * 3,
        "upsample_factor": (2,) * 3,
        "timestep_conditioning": True,
        "patch_size": patch,
        "spatial_compression_ratio": 8 * patch,
        "temporal_compression_ratio": 8,
    }


def _below(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {key.removeprefix(prefix): tensor for key, tensor in tensors.items() if key.startswith(prefix)}


def _renamed(key: str) -> str:
    for theirs, ours in RENAMED.items():
        key = key.replace(theirs, ours)
    return key


def _in_diffusers(key: str) -> str:
    """Return a tensor's name in diffusers, which numbers the stages where the file numbers stages and what is between.

    The encoder's last stage and the decoder's first one are the middle.
    """
    match = _BLOCK.fullmatch(_renamed(key))
    if match is None:
        return _renamed(key)
    side, rest = match[1], match[3]
    place = int(match[2]) if side == "encoder.down" else int(match[2]) - 1
    if match[2] == {"encoder.down": str(_LAST_DOWN_BLOCK), "decoder.up": "0"}[side]:
        return f"{side.split('.')[0]}.mid_block.{rest}"
    between = {"encoder.down": ("", "downsamplers.0."), "decoder.up": ("upsamplers.0.", "")}[side][place % 2]
    return f"{side}_blocks.{place // 2}.{between}{rest}"


def _count(found: Mapping[str, Tensor], pattern: str) -> int:
    matches = (re.match(pattern, key) for key in found)
    return 1 + max((int(match[1]) for match in matches if match), default=-1)
