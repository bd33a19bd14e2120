"""Wan and its kin in small: checkpoints as they are published, and what diffusers makes of the same inputs.

Shape suffixes: B batch, F latent frames, C channels, H and W height and width, L tokens, D text width.
"""

import json
from pathlib import Path
from typing import Any

import diffusers
import torch
from safetensors.torch import save_file
from torch import Tensor

from tests.models.tiny import TEXT_WIDTH, fill, write_index, write_part, write_scheduler, write_t5

TRANSFORMER: dict[str, Any] = {
    "num_attention_heads": 2,
    "attention_head_dim": 12,
    "in_channels": 4,
    "out_channels": 4,
    "text_dim": TEXT_WIDTH,
    "freq_dim": 16,
    "ffn_dim": 32,
    "num_layers": 2,
}
ONE_HEAD = {**TRANSFORMER, "num_attention_heads": 1, "attention_head_dim": 24}
VAE: dict[str, Any] = {
    "base_dim": 4,
    "z_dim": 4,
    "num_res_blocks": 1,
    "latents_mean": [-0.5, 0.1, 0.0, 0.7],
    "latents_std": [1.5, 0.8, 2.0, 1.1],
}
VAE_22 = {
    **VAE,
    "in_channels": 12,
    "out_channels": 12,
    "patch_size": 2,
    "scale_factor_spatial": 16,
    "is_residual": True,
}
FIRST_NAMES = {
    "condition_embedder.time_embedder.linear_1": "time_embedding.0",
    "condition_embedder.time_embedder.linear_2": "time_embedding.2",
    "condition_embedder.text_embedder.linear_1": "text_embedding.0",
    "condition_embedder.text_embedder.linear_2": "text_embedding.2",
    "condition_embedder.time_proj": "time_projection.1",
    "attn1.": "self_attn.",
    "attn2.": "cross_attn.",
    ".to_out.0.": ".o.",
    ".to_": ".",
    "ffn.net.0.proj": "ffn.0",
    "ffn.net.2": "ffn.2",
    "norm2": "norm3",
    "proj_out": "head.head",
    "scale_shift_table": "modulation",
}
"""What diffusers calls a layer, and what it was first published as."""


def load(cls: Any, folder: Path) -> Any:
    """Load a part by diffusers' own means, in float32."""
    return cls.from_pretrained(folder, local_files_only=True).eval()


# Checkpoints


def write_wan(folder: Path) -> Path:
    """Write a folder as Wan-AI/Wan2.1-T2V-1.3B-Diffusers is."""
    transformer = diffusers.WanTransformer3DModel(**TRANSFORMER)
    return write_folder(folder, "WanPipeline", transformer, VAE, diffusers.UniPCMultistepScheduler(flow_shift=3.0))


def write_wan_22(folder: Path) -> Path:
    """Write a folder as FastVideo/FastWan2.2-TI2V-5B-FullAttn-Diffusers is."""
    transformer = diffusers.WanTransformer3DModel(**TRANSFORMER)
    scheduler = diffusers.UniPCMultistepScheduler(flow_shift=5.0)
    return write_folder(folder, "WanDMDPipeline", transformer, VAE_22, scheduler)


def write_wan_file(folder: Path) -> Path:
    """Write a transformer as lightx2v/Wan2.1-Distill-Models has it, with text encoder and autoencoder beside it."""
    transformer = fill(diffusers.WanTransformer3DModel(**ONE_HEAD))
    write_folder(folder, "WanPipeline", transformer, VAE, diffusers.UniPCMultistepScheduler())
    file = folder / "wan2.1_t2v_14b_lightx2v_4step.safetensors"
    save_file({first_name(key): tensor.contiguous() for key, tensor in transformer.state_dict().items()}, file)
    return file


def first_name(key: str) -> str:
    """Return what a tensor was called when Wan was first published."""
    if key == "scale_shift_table":
        return "head.modulation"
    for ours, first in FIRST_NAMES.items():
        key = key.replace(ours, first)
    return key


def write_skyreels(folder: Path) -> Path:
    """Write a folder as Skywork/SkyReels-V2-DF-1.3B-540P-Diffusers is."""
    transformer = diffusers.SkyReelsV2Transformer3DModel(**TRANSFORMER, inject_sample_info=True)
    scheduler = diffusers.UniPCMultistepScheduler(flow_shift=8.0)
    return write_folder(folder, "SkyReelsV2DiffusionForcingPipeline", transformer, VAE, scheduler)


def write_anyflow(folder: Path) -> Path:
    """Write a folder as nvidia/AnyFlow-Wan2.1-T2V-1.3B-Diffusers is: its config names classes of another package."""
    transformer = diffusers.AnyFlowTransformer3DModel(**TRANSFORMER)
    write_folder(folder, "WanAnyFlowPipeline", transformer, VAE, diffusers.FlowMapEulerDiscreteScheduler(shift=5.0))
    file = folder / "transformer" / "config.json"
    published = {"_class_name": "FAR_Wan_Transformer3DModel", "init_far_model": False, "chunk_partition": None}
    file.write_text(json.dumps(json.loads(file.read_text()) | published))
    return folder


def write_folder(folder: Path, pipeline: str, transformer: Any, vae: dict[str, Any], scheduler: Any) -> Path:
    """Write the parts that all of them have: transformer, UMT5, autoencoder and scheduler."""
    write_index(folder, pipeline)
    write_part(folder / "transformer", transformer)
    write_part(folder / "vae", diffusers.AutoencoderKLWan(**vae))
    write_t5(folder, is_umt5=True)
    write_scheduler(folder / "scheduler", scheduler)
    return folder


# What diffusers makes of them


def stock_wan(path: Path, x_BFCHW: Tensor, t: float, cond_LD: Tensor) -> Tensor:
    """Run WanTransformer3DModel as WanPipeline does, with one time for all cells."""
    folder = path if path.is_dir() else path.parent
    transformer = load(diffusers.WanTransformer3DModel, folder / "transformer")
    text_BLD = cond_LD.expand(len(x_BFCHW), *cond_LD.shape)
    out: Tensor = transformer(x_BFCHW.transpose(1, 2), torch.full((len(x_BFCHW),), 1000 * t), text_BLD).sample
    return out.transpose(1, 2)


def stock_skyreels(path: Path, x_BFCHW: Tensor, t: float, cond_LD: Tensor) -> Tensor:
    """Run SkyReelsV2Transformer3DModel as SkyReelsV2Pipeline does, with one time for all frames, at 24 a second."""
    transformer = load(diffusers.SkyReelsV2Transformer3DModel, path / "transformer")
    batch = len(x_BFCHW)
    text_BLD = cond_LD.expand(batch, *cond_LD.shape)
    time_B = torch.full((batch,), 1000 * t)
    out: Tensor = transformer(x_BFCHW.transpose(1, 2), time_B, text_BLD, fps=[1] * batch).sample
    return out.transpose(1, 2)


def stock_anyflow(path: Path, x_BFCHW: Tensor, t: float, cond_LD: Tensor) -> Tensor:
    """Run AnyFlowTransformer3DModel as AnyFlowPipeline does for a step that leads nowhere."""
    transformer = load(diffusers.AnyFlowTransformer3DModel, path / "transformer")
    t_BF = torch.full(x_BFCHW.shape[:2], 1000 * t)
    out: Tensor = transformer(x_BFCHW, t_BF, t_BF, cond_LD.expand(len(x_BFCHW), *cond_LD.shape)).sample
    return out


def whole_wan(path: Path, x_FCHW: Tensor) -> Tensor:
    """Decode all latents at once with AutoencoderKLWan."""
    folder = path if path.is_dir() else path.parent
    vae = load(diffusers.AutoencoderKLWan, folder / "vae")
    mean_C11, std_C11 = (torch.tensor(vae.config[name])[:, None, None] for name in ("latents_mean", "latents_std"))
    pixels: Tensor = vae.decode((x_FCHW * std_C11 + mean_C11).transpose(0, 1)[None]).sample
    return pixels[0].transpose(0, 1)
