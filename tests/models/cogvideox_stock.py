"""CogVideoX in small: folders as they are published, and what diffusers' own pipeline makes of the same inputs.

Shape suffixes: B batch, F latent frames, C channels, H and W height and width, L tokens, D text width.
"""

from pathlib import Path
from typing import Any

import diffusers
import torch
from torch import Tensor

from tests.models.tiny import DDIM, TEXT_WIDTH, write_index, write_part, write_scheduler, write_t5

TRANSFORMER = {
    "num_attention_heads": 2,
    "attention_head_dim": 16,
    "in_channels": 4,
    "out_channels": 4,
    "time_embed_dim": 16,
    "text_embed_dim": TEXT_WIDTH,
    "num_layers": 2,
    "max_text_seq_length": 12,
    "sample_width": 6,
    "sample_height": 4,
    "sample_frames": 21,
}


def write_cogvideox_2b(folder: Path) -> Path:
    """Write a folder as THUDM/CogVideoX-2b is: places are added to the patches."""
    return _write(folder, snr_shift=3.0, scaling_factor=1.15258426)


def write_cogvideox_5b(folder: Path) -> Path:
    """Write a folder as THUDM/CogVideoX-5b is: places turn queries and keys."""
    return _write(folder, snr_shift=1.0, scaling_factor=0.7, use_rotary_positional_embeddings=True)


def stock_cogvideox(path: Path, x_BFCHW: Tensor, t: float, cond_LD: Tensor) -> Tensor:
    """Run CogVideoXTransformer3DModel as CogVideoXPipeline does."""
    pipeline: Any = diffusers.CogVideoXPipeline(
        tokenizer=None,
        text_encoder=None,
        vae=diffusers.AutoencoderKLCogVideoX.from_pretrained(path / "vae", local_files_only=True),
        transformer=diffusers.CogVideoXTransformer3DModel.from_pretrained(path / "transformer", local_files_only=True),
        scheduler=diffusers.CogVideoXDDIMScheduler.from_pretrained(path / "scheduler", local_files_only=True),
    )
    rotation = None
    if pipeline.transformer.config.use_rotary_positional_embeddings:
        height, width = (8 * size for size in x_BFCHW.shape[3:])
        rotation = pipeline._prepare_rotary_positional_embeddings(height, width, x_BFCHW.shape[1], x_BFCHW.device)
    text_BLD = cond_LD.expand(len(x_BFCHW), *cond_LD.shape)
    out: Tensor = pipeline.transformer(x_BFCHW, text_BLD, torch.tensor([t]), image_rotary_emb=rotation).sample
    return out


def whole_cogvideox(path: Path, x_FCHW: Tensor) -> Tensor:
    """Decode with AutoencoderKLCogVideoX."""
    vae = diffusers.AutoencoderKLCogVideoX.from_pretrained(path / "vae", local_files_only=True).eval()
    pixels: Tensor = vae.decode(x_FCHW.movedim(0, 1)[None] / vae.config.scaling_factor).sample
    return pixels[0].movedim(0, 1)


def _write(folder: Path, *, snr_shift: float, scaling_factor: float, **network: Any) -> Path:
    write_index(folder, "CogVideoXPipeline")
    write_part(folder / "transformer", diffusers.CogVideoXTransformer3DModel(**TRANSFORMER, **network))
    vae = diffusers.AutoencoderKLCogVideoX(
        block_out_channels=(4, 4, 4, 4),
        latent_channels=4,
        layers_per_block=1,
        norm_num_groups=2,
        scaling_factor=scaling_factor,
    )
    write_part(folder / "vae", vae)
    write_t5(folder)
    scheduler = diffusers.CogVideoXDDIMScheduler(
        **DDIM | {"prediction_type": "v_prediction"},
        snr_shift_scale=snr_shift,
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
    )
    write_scheduler(folder / "scheduler", scheduler)
    return folder
