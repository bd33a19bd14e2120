"""VideoCrafter1 and 2: text to video on Stable Diffusion 2 (arXiv 2310.19512, 2401.09047), FIFO-Diffusion's baselines.

Read from the published model.ckpt. The scale of latents in its training (`use_scale`) is left out, as FIFO-Diffusion
does.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import transformers

from fifo_live.errors import ModelError
from fifo_live.models.card import Card
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.common.image_vae import TINY, ImageVae
from fifo_live.models.common.network_denoiser import NetworkDenoiser
from fifo_live.models.common.noise_schedules import ddpm_ladder
from fifo_live.models.common.text_encoder import TextEncoder, load_tokenizer
from fifo_live.models.contract import Denoiser, ModelSpec
from fifo_live.models.family import Family, Shapes
from fifo_live.models.unet3d.ldm import SCALE, load_open_clip, load_vae, part_of
from fifo_live.models.unet3d.lvdm import load_unet
from fifo_live.models.unet3d.network import PerFrameUNet

UNET, VAE, TEXT = "model.diffusion_model.", "first_stage_model.", "cond_stage_model.model."
TOKENIZER = "ali-vilab/text-to-video-ms-1.7b"
"""A repository with CLIP's tokenizer, which the one file lacks."""
PADDING = "!"
"""OpenCLIP fills up with token 0, which is this one."""
MAX_TOKENS = 77
TEXT_PARAMS = {"text_encoder": 340_400_000, "vae": 83_700_000}

_SECOND = ModelSpec(
    name="VideoCrafter2",
    width=512,
    height=320,
    fps=8.0,
    latent_shape=(4, 40, 64),
    window=16,
    context=8,
    levels=64,
    ladder=ddpm_ladder("eps", 0.00085, 0.012),
    solver="ddim",
    guidance=12.0,
    supports_guidance=True,
    max_prompt_chars=300,
    default_prompt="waves roll onto a beach at sunset",
    licence="Apache-2.0 for the code; its authors allow personal, research and non-commercial use only",
    non_commercial=True,
)
_FIRST_512 = replace(_SECOND, name="VideoCrafter1-512")
_FIRST_1024 = replace(_SECOND, name="VideoCrafter1-1024", width=1024, height=576, latent_shape=(4, 72, 128))


def _card(hub_id: str, spec: ModelSpec, unet_params: int) -> Card:
    return Card(hub_id, spec, {"unet": unet_params, **TEXT_PARAMS}, "OpenCLIP ViT-H", file="model.ckpt")


SECOND = _card("VideoCrafter/VideoCrafter2", _SECOND, 1_413_300_000)
FIRST_1024 = _card("VideoCrafter/Text2Video-1024", _FIRST_1024, 1_146_500_000)
FIRST_512 = _card("VideoCrafter/Text2Video-512", _FIRST_512, 1_144_500_000)


def recognises(shapes: Shapes) -> bool:
    """Tell a text-to-video UNet of VideoCrafter; those that also look at a picture are others."""
    keys = [key.removeprefix("_forward_module.") for key in shapes]
    return f"{UNET}init_attn.0.proj_in.weight" in keys and not any(key.endswith("to_k_ip.weight") for key in keys)


def card_of(unet: Mapping[str, Any]) -> Card:
    """Return which of the three a UNet is, by the names of its tensors."""
    if not any("relative_position" in key for key in unet):
        return SECOND
    return FIRST_1024 if "fps_embedding.0.weight" in unet else FIRST_512


def load(checkpoint: Checkpoint) -> Denoiser:
    """Load UNet, OpenCLIP and autoencoder from the one file.

    Raises: ModelError if something of it is missing.
    """
    checkpoint.options.report(f"Loading {checkpoint.path.name}.")
    unet, vae, text = (part_of(checkpoint.tensors(), prefix) for prefix in (UNET, VAE, TEXT))
    for part, name in ((unet, "UNet"), (vae, "autoencoder"), (text, "text encoder")):
        if not part:
            raise ModelError(f"{checkpoint.path} holds no {name}; the published model.ckpt has one.")
    checkpoint = replace(checkpoint, card=card_of(unet))
    images = ImageVae(checkpoint.place("vae", load_vae(vae)), SCALE)
    if checkpoint.tiny_decoder is not None:
        images = ImageVae.load(checkpoint)
    spec = checkpoint.spec(channels=images.channels, stride=images.stride)
    encoder = checkpoint.place("text_encoder", load_open_clip(text), is_text=True)
    return NetworkDenoiser(
        spec,
        PerFrameUNet(checkpoint.place("unet", load_unet(unet, spec.fps))),
        TextEncoder(encoder, _tokenizer(checkpoint), max_tokens=MAX_TOKENS),
        images,
    )


def _tokenizer(checkpoint: Checkpoint) -> Any:
    """Return CLIP's tokenizer, from the folder `tokenizer` beside the file or from the hub."""
    tokenizer = load_tokenizer(checkpoint.elsewhere("tokenizer", TOKENIZER), transformers.CLIPTokenizer)
    tokenizer.pad_token = PADDING
    return tokenizer


FAMILY = Family(
    name="videocrafter",
    about="VideoCrafter1 (512, 1024) and VideoCrafter2",
    load=load,
    cards=(SECOND, FIRST_1024, FIRST_512),
    recognises=recognises,
    tiny_decoder=TINY,
)
