"""AnimateDiff: motion modules in the UNet of Stable Diffusion 1.5 (arXiv 2307.04725), and the few-step ones made of it.

Published are the motion modules: a folder, or one file. The image model is that of the folder they lie in (as parts, or
as a whole AnimateDiffPipeline), else `IMAGE_MODEL`. A folder of an image model alone gets the first card's modules.
"""

from dataclasses import replace

import diffusers

from fifo_live.models.card import Card
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.common.hub import fetch
from fifo_live.models.common.image_vae import TINY, ImageVae
from fifo_live.models.common.lora import Lora
from fifo_live.models.common.network_denoiser import NetworkDenoiser
from fifo_live.models.common.noise_schedules import ddpm_ladder, ladder_of
from fifo_live.models.common.text_encoder import load_clip
from fifo_live.models.contract import Denoiser, ModelSpec
from fifo_live.models.family import Family
from fifo_live.models.unet3d.motion_modules import has_motion, with_motion
from fifo_live.models.unet3d.network import PerFrameUNet

IMAGE_MODEL = "emilianJR/epiCRealism"
"""The image model in the published examples of the few-step modules."""
LORAS = {"wangfuyun/AnimateLCM": ("AnimateLCM_sd15_t2v_lora.safetensors", 0.8)}
"""What is published with motion modules for the image model, and how much of it to take."""
PARAMS = {"unet": 859_500_000, "text_encoder": 123_100_000, "vae": 83_700_000}

_SPEC = ModelSpec(
    name="AnimateDiff v3",
    width=512,
    height=512,
    fps=8.0,
    latent_shape=(4, 64, 64),
    window=16,
    context=8,
    levels=64,
    ladder=ddpm_ladder("eps", 0.00085, 0.012, scaled=False),
    solver="ddim",
    guidance=7.5,
    supports_guidance=True,
    max_prompt_chars=300,
    default_prompt="waves roll onto a beach at sunset",
    licence="Apache-2.0 for the motion modules' code, CreativeML Open RAIL-M for the image model",
)
_FOUR_STEPS = replace(_SPEC, context=0, chunk=4, levels=4)
_LIGHTNING = replace(
    _FOUR_STEPS,
    name="AnimateDiff-Lightning, 4 steps",
    solver="euler",
    guidance=1.0,
    supports_guidance=False,
    licence="CreativeML Open RAIL-M",
)
_LIGHTNING_8 = replace(_LIGHTNING, name="AnimateDiff-Lightning, 8 steps", chunk=2, levels=8)
_LCM = replace(
    _FOUR_STEPS,
    name="AnimateLCM",
    solver="lcm",
    guidance=2.0,
    licence="MIT for the motion modules' code, CreativeML Open RAIL-M for the image model",
)


def _card(hub_id: str, spec: ModelSpec, *, has_mid_block: bool = True, file: str = "") -> Card:
    motion = 453_200_000 if has_mid_block else 417_100_000
    return Card(hub_id, spec, {**PARAMS, "motion_adapter": motion}, "CLIP ViT-L", file=file)


def _lightning(steps: int) -> str:
    return f"animatediff_lightning_{steps}step_diffusers.safetensors"


def load(checkpoint: Checkpoint) -> Denoiser:
    """Load the image model's UNet with the motion modules in it, CLIP and autoencoder.

    Raises: ModelError if something of it is missing, or modules and image model do not fit.
    """
    published = tuple(_published_loras(checkpoint))
    checkpoint = replace(checkpoint, loras=(*checkpoint.loras, *published))
    vae = ImageVae.load(checkpoint.elsewhere("vae", IMAGE_MODEL))
    is_whole = checkpoint.has("unet") and checkpoint.config("unet").get("_class_name") == "UNetMotionModel"
    ladder = ladder_of(checkpoint.config("scheduler")) if is_whole else None
    spec = checkpoint.spec(channels=vae.channels, stride=vae.stride, ladder=ladder)
    if is_whole:
        unet = checkpoint.load("unet", diffusers.UNetMotionModel)
    else:
        unet = with_motion(checkpoint, checkpoint.elsewhere("unet", IMAGE_MODEL))
    text = load_clip(checkpoint.elsewhere("text_encoder", IMAGE_MODEL))
    for lora in published:
        lora.check_all_used()
    return NetworkDenoiser(spec, PerFrameUNet(unet), text, vae)


def _published_loras(checkpoint: Checkpoint) -> list[Lora]:
    """Return the LoRA that the card's motion modules are published with, if any."""
    if checkpoint.card.hub_id not in LORAS:
        return []
    name, scale = LORAS[checkpoint.card.hub_id]
    folder = checkpoint.path if checkpoint.path.is_dir() else checkpoint.path.parent
    if not (folder / name).is_file():
        folder = fetch(checkpoint.card.hub_id, lambda _names: [name])
    return [Lora.read(f"{folder / name}:{scale}")]


FAMILY = Family(
    name="animatediff",
    about="AnimateDiff on Stable Diffusion 1.5, AnimateDiff-Lightning, AnimateLCM",
    load=load,
    cards=(
        _card("guoyww/animatediff-motion-adapter-v1-5-3", _SPEC, has_mid_block=False),
        _card("guoyww/animatediff-motion-adapter-v1-5-2", replace(_SPEC, name="AnimateDiff v2")),
        _card(f"ByteDance/AnimateDiff-Lightning/{_lightning(8)}", _LIGHTNING_8, file=_lightning(8)),
        _card("ByteDance/AnimateDiff-Lightning", _LIGHTNING, file=_lightning(4)),
        _card("wangfuyun/AnimateLCM", _LCM),
    ),
    classes=("AnimateDiffPipeline", "MotionAdapter", "UNetMotionModel", "StableDiffusionPipeline"),
    recognises=has_motion,
    tiny_decoder=TINY,
)
