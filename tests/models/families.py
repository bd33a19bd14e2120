"""One entry for every family: how to write a tiny model of it, and what its own library makes of the same inputs.

To add a family: a function that writes a checkpoint as it is published, one that runs the stock network on it, one that
runs the stock autoencoder, and a `Case` in `CASES`. `tests/models/test_families.py` does the rest.

Shape suffixes: B batch, F latent frames, C channels, H and W height and width, L tokens, D text width.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import torch
from torch import Tensor

from tests.models.animatediff_stock import (
    stock_animatediff,
    stock_lightning,
    whole_lightning,
    write_animatediff,
    write_lightning,
)
from tests.models.cogvideox_stock import stock_cogvideox, whole_cogvideox, write_cogvideox_2b, write_cogvideox_5b
from tests.models.ltx_stock import stock_ltx, stock_ltx_090, whole_ltx, write_ltx, write_ltx_090, write_ltx_file
from tests.models.opensoraplan_stock import stock_opensoraplan, whole_opensoraplan, write_opensoraplan
from tests.models.tiny import (
    DDIM,
    SMALL_LATTE,
    TEXT_WIDTH,
    write_clip,
    write_image_vae,
    write_index,
    write_part,
    write_scheduler,
    write_t5,
)
from tests.models.videocrafter_stock import (
    stock_first_videocrafter,
    stock_videocrafter,
    whole_videocrafter,
    write_first_videocrafter,
    write_videocrafter,
)
from tests.models.wan_stock import (
    stock_anyflow,
    stock_skyreels,
    stock_wan,
    whole_wan,
    write_anyflow,
    write_skyreels,
    write_wan,
    write_wan_22,
    write_wan_file,
)


@dataclass(frozen=True)
class Case:
    """A family as the tests see it.

    `write` fills an empty folder and returns what --model is to name: the folder or a file in it. `stock` runs the
    network by its own library's forward, all frames at time `t` under one prompt: (path, x_BFCHW, t, cond of one
    prompt) to the prediction, BFCHW; `t` is on the ladder of the spec, so between 0 and 1 for flow. `whole` decodes all
    latents at once by the library's own decoder: (path, x_FCHW) to pixels between -1 and 1, (F', 3, H, W).
    `max_decode_error` is how far a streamed pixel (0 to 255) may be from that on average, where the latents hardly
    change; 0 means bit-equal whatever they are.
    """

    name: str
    write: Callable[[Path], Path]
    stock: Callable[[Path, Tensor, float, Tensor], Tensor]
    whole: Callable[[Path, Tensor], Tensor]
    width: int = 32
    height: int = 32
    window: int = 6
    max_decode_error: float = 0.0
    settings: tuple[str, ...] = ()
    """More of what --set takes, as engine.chunk=2."""


def frames_second(x: Tensor) -> Tensor:
    """Swap frames and channels: diffusers' video networks want (B, C, F, H, W), ours is (B, F, C, H, W)."""
    return x.transpose(1, 2)


def read(cls: Any, path: Path, part: str) -> Any:
    """Load a part by its library's own means, in float32."""
    return cls.from_pretrained(path / part, local_files_only=True).eval()


# Image autoencoder, shared by several families


def whole_images(path: Path, x_FCHW: Tensor) -> Tensor:
    """Decode with the folder's AutoencoderKL, picture by picture as diffusers' pipelines can."""
    vae = read(diffusers.AutoencoderKL, path, "vae")
    return torch.cat([vae.decode(x_1CHW / vae.config.scaling_factor).sample for x_1CHW in torch.split(x_FCHW, 1)])


# ModelScope and zeroscope


def write_modelscope(folder: Path) -> Path:
    """Write a folder as cerspense/zeroscope_v2_576w is."""
    write_index(folder, "TextToVideoSDPipeline")
    unet = diffusers.UNet3DConditionModel(
        sample_size=4,
        block_out_channels=(8, 16),
        norm_num_groups=4,
        layers_per_block=1,
        cross_attention_dim=TEXT_WIDTH,
        attention_head_dim=4,
        down_block_types=("CrossAttnDownBlock3D", "DownBlock3D"),
        up_block_types=("UpBlock3D", "CrossAttnUpBlock3D"),
    )
    write_part(folder / "unet", unet)
    write_clip(folder)
    write_image_vae(folder)
    write_scheduler(folder / "scheduler", diffusers.DDIMScheduler(**DDIM))
    return folder


def stock_modelscope(path: Path, x_BFCHW: Tensor, t: float, cond_LD: Tensor) -> Tensor:
    """Run UNet3DConditionModel as TextToVideoSDPipeline does."""
    unet = read(diffusers.UNet3DConditionModel, path, "unet")
    text_BLD = cond_LD.expand(len(x_BFCHW), *cond_LD.shape)
    return frames_second(unet(frames_second(x_BFCHW), t, text_BLD).sample)


# Latte


def write_latte(folder: Path) -> Path:
    """Write a folder as maxin-cn/Latte-1 is."""
    write_index(folder, "LattePipeline")
    write_part(folder / "transformer", diffusers.LatteTransformer3DModel(**SMALL_LATTE, sample_size=4, video_length=6))
    write_t5(folder)
    write_image_vae(folder)
    write_scheduler(folder / "scheduler", diffusers.DDIMScheduler(beta_start=0.0001, beta_end=0.02))
    return folder


def stock_latte(path: Path, x_BFCHW: Tensor, t: float, cond_LD: Tensor) -> Tensor:
    """Run LatteTransformer3DModel as LattePipeline does: the text without its padding, the noise without variances."""
    latte = read(diffusers.LatteTransformer3DModel, path, "transformer")
    text_BLD = cond_LD[cond_LD[:, -1] > 0, :-1].expand(len(x_BFCHW), -1, -1)
    return frames_second(latte(frames_second(x_BFCHW), torch.tensor([t]), text_BLD).sample)[:, :, :4]


CASES = (
    Case("modelscope", write_modelscope, stock_modelscope, whole_images),
    Case("wan", write_wan, stock_wan, whole_wan),
    Case("wan 2.2", write_wan_22, stock_wan, whole_wan, width=64, height=64, settings=("engine.chunk=2",)),
    Case("wan file", write_wan_file, stock_wan, whole_wan),
    Case("skyreels", write_skyreels, stock_skyreels, whole_wan, settings=("engine.micro_steps=1",)),
    Case("anyflow", write_anyflow, stock_anyflow, whole_wan),
    Case("animatediff", write_animatediff, stock_animatediff, whole_images),
    Case(
        "animatediff lightning",
        write_lightning,
        stock_lightning,
        whole_lightning,
        window=8,
        settings=("engine.chunk=2", "engine.levels=4"),
    ),
    Case("latte", write_latte, stock_latte, whole_images),
    Case("cogvideox 2b", write_cogvideox_2b, stock_cogvideox, whole_cogvideox, settings=("engine.chunk=2",)),
    Case("cogvideox 5b", write_cogvideox_5b, stock_cogvideox, whole_cogvideox, settings=("engine.chunk=2",)),
    Case(
        "opensoraplan",
        write_opensoraplan,
        stock_opensoraplan,
        whole_opensoraplan,
        width=16,
        height=16,
        window=32,
        max_decode_error=2.0,
    ),
    Case("ltx", write_ltx, stock_ltx, whole_ltx, max_decode_error=3.0, settings=("engine.chunk=2",)),
    Case("ltx file", write_ltx_file, stock_ltx, whole_ltx, max_decode_error=3.0, settings=("engine.chunk=2",)),
    Case("ltx 0.9.0", write_ltx_090, stock_ltx_090, whole_ltx, max_decode_error=4.0),
    Case(
        "videocrafter",
        write_videocrafter,
        stock_videocrafter,
        whole_videocrafter,
        settings=("engine.chunk=2", "engine.levels=3"),
    ),
    Case(
        "videocrafter 1",
        write_first_videocrafter,
        stock_first_videocrafter,
        whole_videocrafter,
        settings=("engine.guidance=1", "engine.chunk=2", "engine.levels=3"),
    ),
)
