"""AnimateDiff in small, as it is published, and what diffusers makes of it.

Shape suffixes: B batch, F frames, C channels, H and W height and width, L tokens, D width.
"""

from pathlib import Path
from typing import Any

import diffusers
import torch
from safetensors.torch import save_file
from torch import Tensor

from tests.models.tiny import (
    DDIM,
    TEXT_WIDTH,
    fill,
    write_clip,
    write_image_vae,
    write_index,
    write_part,
    write_scheduler,
)

LIGHTNING = "animatediff_lightning_4step_diffusers.safetensors"


def write_image_model(folder: Path) -> Path:
    """Write a folder as stable-diffusion-v1-5/stable-diffusion-v1-5 is."""
    write_index(folder, "StableDiffusionPipeline")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        _write_parts(folder)
    return folder


def _write_parts(folder: Path) -> None:
    unet = diffusers.UNet2DConditionModel(
        sample_size=4,
        block_out_channels=(32, 64),
        layers_per_block=1,
        cross_attention_dim=TEXT_WIDTH,
        attention_head_dim=2,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
    )
    write_part(folder / "unet", unet)
    write_clip(folder)
    write_image_vae(folder)
    write_scheduler(folder / "scheduler", diffusers.PNDMScheduler(skip_prk_steps=True))


def motion_adapter(*, has_mid_block: bool = True) -> Any:
    """Return random motion modules, which are the same each time."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        adapter = diffusers.MotionAdapter(
            block_out_channels=(32, 64),
            motion_layers_per_block=1,
            motion_max_seq_length=32,
            use_motion_mid_block=has_mid_block,
        )
        return fill(adapter, seed=1)


def write_animatediff(folder: Path) -> Path:
    """Write an image model, and beside its parts motion modules without a middle one, as v1-5-3 has them."""
    write_image_model(folder)
    motion_adapter(has_mid_block=False).save_pretrained(folder / "motion_adapter")
    return folder


def write_lightning(folder: Path) -> Path:
    """Write the one file of motion modules as ByteDance/AnimateDiff-Lightning has it, in an image model's folder."""
    write_image_model(folder)
    tensors = {key: tensor.contiguous() for key, tensor in motion_adapter().state_dict().items()}
    save_file(tensors, folder / LIGHTNING)
    return folder / LIGHTNING


def write_whole(folder: Path) -> Path:
    """Write what AnimateDiffPipeline saves."""
    write_image_model(folder)
    write_index(folder, "AnimateDiffPipeline")
    joined(folder, motion_adapter()).save_pretrained(folder / "unet")
    linear = {**DDIM, "beta_schedule": "linear"}
    write_scheduler(folder / "scheduler", diffusers.DDIMScheduler(**linear))
    return folder


def joined(folder: Path, motion: Any) -> Any:
    """Return diffusers' UNet of an image model and motion modules."""
    image = diffusers.UNet2DConditionModel.from_pretrained(folder / "unet", local_files_only=True)
    return diffusers.UNetMotionModel.from_unet2d(image, motion).eval()


def stock_animatediff(path: Path, x_BFCHW: Tensor, t: float, cond_LD: Tensor) -> Tensor:
    """Run UNetMotionModel as AnimateDiffPipeline does."""
    motion = diffusers.MotionAdapter.from_pretrained(path / "motion_adapter", local_files_only=True)
    return _run(joined(path, motion), x_BFCHW, t, cond_LD)


def stock_lightning(path: Path, x_BFCHW: Tensor, t: float, cond_LD: Tensor) -> Tensor:
    """Run UNetMotionModel with the one file's motion modules."""
    return _run(joined(path.parent, motion_adapter()), x_BFCHW, t, cond_LD)


def whole_lightning(path: Path, x_FCHW: Tensor) -> Tensor:
    """Decode with the image model's AutoencoderKL, picture by picture."""
    vae = diffusers.AutoencoderKL.from_pretrained(path.parent / "vae", local_files_only=True).eval()
    return torch.cat([vae.decode(x_1CHW / vae.config.scaling_factor).sample for x_1CHW in torch.split(x_FCHW, 1)])


def _run(unet: Any, x_BFCHW: Tensor, t: float, cond_LD: Tensor) -> Tensor:
    num_frames = x_BFCHW.shape[1]
    text_NLD = cond_LD.expand(len(x_BFCHW) * num_frames, *cond_LD.shape)
    out: Tensor = unet(x_BFCHW.transpose(1, 2), t, text_NLD).sample
    return out.transpose(1, 2)
