"""Open-Sora Plan v1.1 in small, in its published layout, and the same network and autoencoder without any streaming.

Shape suffixes: B batch, F latent frames, C channels, H and W height and width, L tokens, D text width.
"""

import json
from pathlib import Path
from typing import Any

import diffusers
import torch
from diffusers.models.embeddings import get_1d_sincos_pos_embed_from_grid
from safetensors.torch import load_file, save_file
from torch import Tensor

from fifo_live.models.latte.causal_video_vae import SCALE, CausalVideoNetwork
from tests.models.tiny import SMALL_LATTE, TEXT_WIDTH, fill, write_t5

LENGTH = 32
LATTE = {**SMALL_LATTE, "video_length": LENGTH}
VAE = {
    "_class_name": "CausalVAEModel",
    "attn_resolutions": [],
    "decoder_attention": "AttnBlock3DFix",
    "decoder_conv_in": "CausalConv3d",
    "decoder_conv_out": "CausalConv3d",
    "decoder_mid_resnet": "ResnetBlock3D",
    "decoder_resnet_blocks": ["ResnetBlock3D"] * 4,
    "decoder_spatial_upsample": ["", "SpatialUpsample2x", "SpatialUpsample2x", "SpatialUpsample2x"],
    "decoder_temporal_upsample": ["", "", "TimeUpsampleRes2x", "TimeUpsampleRes2x"],
    "embed_dim": 4,
    "encoder_attention": "AttnBlock3DFix",
    "encoder_conv_in": "Conv2d",
    "encoder_conv_out": "CausalConv3d",
    "encoder_mid_resnet": "ResnetBlock3D",
    "encoder_resnet_blocks": ["ResnetBlock2D", "ResnetBlock2D", "ResnetBlock3D", "ResnetBlock3D"],
    "encoder_spatial_downsample": ["Downsample", "Downsample", "Downsample", ""],
    "encoder_temporal_downsample": ["", "TimeDownsampleRes2x", "TimeDownsampleRes2x", ""],
    "hidden_size": 32,
    "hidden_size_mult": [1, 1, 1, 2],
    "num_res_blocks": 1,
    "q_conv": "CausalConv3d",
    "z_channels": 4,
}
WEIGHTS = "diffusion_pytorch_model.safetensors"


def write_opensoraplan(folder: Path) -> Path:
    """Write a folder as LanguageBind/Open-Sora-Plan-v1.1.0 is, with the text encoder beside; return the network's."""
    latte = fill(diffusers.LatteTransformer3DModel(**LATTE, sample_size=2)).state_dict()
    config = {
        **LATTE,
        "_class_name": "LatteT2V",
        "sample_size": [2, 2],
        "use_rope": False,
        "attention_mode": "xformers",
    }
    unused = {"caption_projection.y_embedding": torch.zeros(120, TEXT_WIDTH)}
    _write(folder / "221x512x512", config, {**latte, **unused})
    _write(folder / "vae", VAE, {**fill(CausalVideoNetwork(VAE)).state_dict(), "loss.logvar": torch.zeros(1)})
    write_t5(folder)
    return folder / "221x512x512"


def stock_opensoraplan(path: Path, x_BFCHW: Tensor, t: float, cond_LD: Tensor) -> Tensor:
    """Run LatteTransformer3DModel at the positions that LatteT2V has for clips of twice the length of Latte's."""
    latte: Any = diffusers.LatteTransformer3DModel(**LATTE, sample_size=2)
    latte.eval().load_state_dict(
        {key: value for key, value in load_file(path / WEIGHTS).items() if "y_embedding" not in key}
    )
    latte.temp_pos_embed = get_1d_sincos_pos_embed_from_grid(16, torch.arange(LENGTH) / 2).float()[None]
    text_BLD = cond_LD[cond_LD[:, -1] > 0, :-1].expand(len(x_BFCHW), -1, -1)
    return latte(x_BFCHW.transpose(1, 2), torch.tensor([t]), text_BLD).sample[:, :4].transpose(1, 2)


def whole_opensoraplan(path: Path, x_FCHW: Tensor) -> Tensor:
    """Decode all latents in one call."""
    pixels_13FHW = small_vae(path.parent).decode(x_FCHW.transpose(0, 1)[None] / SCALE, {})
    return pixels_13FHW[0].transpose(0, 1)


def small_vae(folder: Path) -> CausalVideoNetwork:
    """Load the folder's autoencoder."""
    vae = CausalVideoNetwork(VAE).eval()
    vae.load_state_dict({key: value for key, value in load_file(folder / "vae" / WEIGHTS).items() if "loss" not in key})
    return vae


def _write(folder: Path, config: dict[str, Any], tensors: dict[str, Tensor]) -> None:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(config))
    save_file(tensors, folder / WEIGHTS, {"format": "pt"})
