"""LTX-Video in small: folders as they are published, and what diffusers' own pipelines make of the same inputs.

Shape suffixes: B batch, F latent frames, C channels, H and W height and width, L tokens, D text width.
"""

import re
from pathlib import Path
from typing import Any

import diffusers
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from tests.models.tiny import TEXT_WIDTH, fill, write_index, write_part, write_scheduler, write_t5

TRANSFORMER = {
    "in_channels": 8,
    "out_channels": 8,
    "num_attention_heads": 2,
    "attention_head_dim": 12,
    "cross_attention_dim": 24,
    "num_layers": 2,
    "caption_channels": TEXT_WIDTH,
}
VAE_090 = {
    "latent_channels": 8,
    "block_out_channels": (4, 4, 8),
    "down_block_types": ("LTXVideoDownBlock3D",) * 3,
    "decoder_block_out_channels": (4, 4, 8),
    "layers_per_block": (1, 1, 1, 1),
    "decoder_layers_per_block": (1, 1, 1, 1),
    "spatio_temporal_scaling": (True, True, True),
    "decoder_spatio_temporal_scaling": (True, True, True),
    "decoder_inject_noise": (False,) * 4,
    "patch_size": 2,
}
VAE_095 = VAE_090 | {
    "block_out_channels": (4, 8, 8, 8, 8),
    "down_block_types": ("LTXVideo095DownBlock3D",) * 4,
    "decoder_block_out_channels": (8, 16, 32),
    "layers_per_block": (1, 1, 1, 1, 1),
    "spatio_temporal_scaling": (True,) * 4,
    "downsample_type": ("spatial", "temporal", "spatiotemporal", "spatiotemporal"),
    "upsample_residual": (True, True, True),
    "upsample_factor": (2, 2, 2),
    "timestep_conditioning": True,
    "spatial_compression_ratio": 16,
    "temporal_compression_ratio": 8,
}
NAMES = {
    "proj_in": "patchify_proj",
    "time_embed.": "adaln_single.",
    "norm_q": "q_norm",
    "norm_k": "k_norm",
    "resnets": "res_blocks",
    "latents_mean": "per_channel_statistics.mean-of-means",
    "latents_std": "per_channel_statistics.std-of-means",
}
"""Lightricks' names of what diffusers calls otherwise."""
WEIGHTS = "diffusion_pytorch_model.safetensors"
FPS = 30
"""What the default card says."""


def write_ltx(folder: Path) -> Path:
    """Write a folder as Lightricks/LTX-Video-0.9.8-13B-distilled is."""
    write_index(folder, "LTXConditionPipeline")
    return _write_parts(folder, VAE_095)


def write_ltx_090(folder: Path) -> Path:
    """Write a folder as the first version is."""
    write_index(folder, "LTXPipeline")
    return _write_parts(folder, VAE_090)


def write_ltx_file(folder: Path) -> Path:
    """Write one file as Lightricks/LTX-Video has them, with text encoder, and what it was made of, beside it."""
    _write_parts(folder, VAE_095, num_attention_heads=32, attention_head_dim=2, cross_attention_dim=64)
    file = folder / "ltxv-2b-0.9.8-distilled.safetensors"
    transformer = load_file(folder / "transformer" / WEIGHTS)
    vae = load_file(folder / "vae" / WEIGHTS)
    published = {f"model.diffusion_model.{published_name(key)}": tensor for key, tensor in transformer.items()}
    published |= {f"vae.{published_name(key)}": tensor for key, tensor in vae.items()}
    save_file(published | {"vae.per_channel_statistics.channel": torch.zeros(8)}, file)
    return file


def published_name(key: str) -> str:
    """Return what Lightricks calls a tensor; stages and what is between them are numbered through."""
    for ours, theirs in NAMES.items():
        key = key.replace(ours, theirs)
    key = re.sub(r"^decoder\.(time_embedder|scale_shift_table)", r"decoder.last_\1", key)
    stage = re.fullmatch(r"(encoder\.down|decoder\.up)_blocks\.(\d)\.(downsamplers\.0\.|upsamplers\.0\.|)(.*)", key)
    if stage is not None:
        is_between = stage[3] != ""
        number = 2 * int(stage[2]) + (is_between if stage[1] == "encoder.down" else 2 - is_between)
        key = f"{stage[1]}_blocks.{number}.{stage[4]}"
    return key.replace("encoder.mid_block", "encoder.down_blocks.8").replace("decoder.mid_block", "decoder.up_blocks.0")


def stock_ltx(path: Path, x_BFCHW: Tensor, t: float, cond_LD: Tensor) -> Tensor:
    """Run LTXVideoTransformer3DModel as LTXConditionPipeline does: places in seconds and pixels."""
    pipeline = diffusers.LTXConditionPipeline
    ids = pipeline._prepare_video_ids(len(x_BFCHW), x_BFCHW.shape[1], *x_BFCHW.shape[3:])
    places = pipeline._scale_video_ids(ids, scale_factor=16, scale_factor_t=8).float()
    places[:, 0] = places[:, 0] * (1.0 / FPS)
    return _run(path, x_BFCHW, t, cond_LD, video_coords=places)


def stock_ltx_090(path: Path, x_BFCHW: Tensor, t: float, cond_LD: Tensor) -> Tensor:
    """Run LTXVideoTransformer3DModel as LTXPipeline does: places by a scale."""
    return _run(path, x_BFCHW, t, cond_LD, rope_interpolation_scale=(8 / FPS, 16, 16))


def whole_ltx(path: Path, x_FCHW: Tensor) -> Tensor:
    """Decode with AutoencoderKLLTXVideo as the pipelines do, with the noise that a stream draws latent by latent."""
    folder = path if path.is_dir() else path.parent
    vae = diffusers.AutoencoderKLLTXVideo.from_pretrained(folder / "vae", local_files_only=True).eval()
    x = diffusers.LTXPipeline._denormalize_latents(x_FCHW.movedim(0, 1)[None], vae.latents_mean, vae.latents_std)
    timestep = None
    if vae.config.timestep_conditioning:
        timestep = torch.tensor([0.05])
        generator = torch.Generator().manual_seed(0)
        noise = torch.stack([torch.randn(x_CHW.shape, generator=generator) for x_CHW in x_FCHW])
        x = 0.975 * x + 0.025 * noise.movedim(0, 1)[None]
    pixels: Tensor = vae.decode(x, timestep).sample
    return pixels[0].movedim(0, 1)


def _write_parts(folder: Path, config: dict[str, Any], **network: Any) -> Path:
    """Write transformer, T5, scheduler, and an autoencoder whose latents have a mean and a deviation.

    As in a trained decoder, a picture comes chiefly from its own latent, and the less from others the further they are.
    """
    vae = fill(diffusers.AutoencoderKLLTXVideo(**config))
    vae.latents_mean.copy_(torch.linspace(-1, 1, 8))
    vae.latents_std.copy_(torch.linspace(0.5, 2, 8))
    for conv in (module for module in vae.decoder.modules() if isinstance(module, torch.nn.Conv3d)):
        if conv.kernel_size[0] == 3:
            conv.weight.data[:, :, [0, 2]] *= 0.1
    vae.save_pretrained(folder / "vae")
    write_part(folder / "transformer", diffusers.LTXVideoTransformer3DModel(**TRANSFORMER | network))
    write_t5(folder)
    write_scheduler(folder / "scheduler", diffusers.FlowMatchEulerDiscreteScheduler())
    return folder


def _run(path: Path, x_BFCHW: Tensor, t: float, cond_LD: Tensor, **places: Any) -> Tensor:
    """Run the transformer on packed latents, all at one time."""
    folder = path if path.is_dir() else path.parent
    transformer = diffusers.LTXVideoTransformer3DModel.from_pretrained(folder / "transformer", local_files_only=True)
    batch, num_latents, _, height, width = x_BFCHW.shape
    out = transformer(
        diffusers.LTXPipeline._pack_latents(x_BFCHW.transpose(1, 2)),
        cond_LD[None, :, :-1],
        torch.full((batch,), 1000 * t),
        cond_LD[None, :, -1],
        num_latents,
        height,
        width,
        **places,
    ).sample
    unpacked: Tensor = diffusers.LTXPipeline._unpack_latents(out, num_latents, height, width)
    return unpacked.transpose(1, 2)
