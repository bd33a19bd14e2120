"""ModelScope text-to-video and zeroscope: a UNet over 16 or 24 pictures (arXiv 2308.06571).

Read from a folder in diffusers' layout.
"""

from dataclasses import replace

import diffusers

from fifo_live.models.card import Card
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.common.image_vae import TINY, ImageVae
from fifo_live.models.common.network_denoiser import NetworkDenoiser
from fifo_live.models.common.noise_schedules import ddpm_ladder, ladder_of
from fifo_live.models.common.text_encoder import load_clip
from fifo_live.models.contract import Denoiser, ModelSpec
from fifo_live.models.family import Family
from fifo_live.models.unet3d.network import PerFrameUNet

PARAMS = {"unet": 1_411_000_000, "text_encoder": 340_400_000, "vae": 83_700_000}

_ZEROSCOPE = ModelSpec(
    name="zeroscope_v2_576w",
    width=576,
    height=320,
    fps=8.0,
    latent_shape=(4, 40, 72),
    window=16,
    context=8,
    levels=64,
    ladder=ddpm_ladder("eps", 0.00085, 0.012),
    solver="ddim",
    guidance=9.0,
    supports_guidance=True,
    max_prompt_chars=300,
    default_prompt="waves roll onto a beach at sunset",
    licence="CC-BY-NC-4.0",
    non_commercial=True,
)
_MODELSCOPE = replace(_ZEROSCOPE, name="text-to-video-ms-1.7b", width=256, height=256, latent_shape=(4, 32, 32))


def load(checkpoint: Checkpoint) -> Denoiser:
    """Load UNet, CLIP and autoencoder.

    Raises: ModelError if something of it is missing.
    """
    vae = ImageVae.load(checkpoint)
    ladder = ladder_of(checkpoint.config("scheduler"))
    return NetworkDenoiser(
        checkpoint.spec(channels=vae.channels, stride=vae.stride, ladder=ladder),
        PerFrameUNet(checkpoint.load("unet", diffusers.UNet3DConditionModel)),
        load_clip(checkpoint),
        vae,
    )


FAMILY = Family(
    name="modelscope",
    about="ModelScope text-to-video 1.7B and zeroscope",
    load=load,
    cards=(
        Card("cerspense/zeroscope_v2_576w", _ZEROSCOPE, PARAMS, "CLIP ViT-H"),
        Card("ali-vilab/text-to-video-ms-1.7b", _MODELSCOPE, PARAMS, "CLIP ViT-H"),
    ),
    classes=("TextToVideoSDPipeline", "UNet3DConditionModel"),
    tiny_decoder=TINY,
)
