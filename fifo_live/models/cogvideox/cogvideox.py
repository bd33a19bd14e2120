"""CogVideoX 2B and 5B: transformers that text and video pass through together (arXiv 2408.06072).

Read from a folder in diffusers' layout.
"""

from dataclasses import replace

import diffusers

from fifo_live.errors import ModelError
from fifo_live.models.card import Card
from fifo_live.models.cogvideox.network import PerFrameCogVideoX
from fifo_live.models.cogvideox.vae import CogVideoXVae
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.common.network_denoiser import NetworkDenoiser
from fifo_live.models.common.noise_schedules import ddpm_ladder, to_zero_snr
from fifo_live.models.common.text_encoder import load_t5
from fifo_live.models.contract import Denoiser, ModelSpec
from fifo_live.models.family import Family

PARAMS_2B = {"transformer": 1_693_783_872, "text_encoder": 4_762_310_656, "vae": 215_583_907}
PARAMS_5B = PARAMS_2B | {"transformer": 5_570_283_072}
TEXT = "T5 v1.1 XXL"

_2B = ModelSpec(
    name="CogVideoX-2b",
    width=720,
    height=480,
    fps=8.0,
    latent_shape=(16, 60, 90),
    window=13,
    context=4,
    sink=1,
    chunk=2,
    levels=48,
    frames_per_latent=4,
    ladder=to_zero_snr(ddpm_ladder("v", 0.00085, 0.012), shift=3.0),
    solver="ddim",
    guidance=6.0,
    supports_guidance=True,
    default_prompt="Waves roll onto a sandy beach at sunset. The camera stands still; foam runs up the wet sand and "
    "draws back. The light is warm and low.",
    licence="Apache-2.0",
)
_5B = replace(
    _2B,
    name="CogVideoX-5b",
    ladder=to_zero_snr(ddpm_ladder("v", 0.00085, 0.012), shift=1.0),
    licence="CogVideoX licence: free for research, commercial use after registration",
)


def load(checkpoint: Checkpoint) -> Denoiser:
    """Load transformer, T5 and autoencoder.

    Raises: ModelError if something of it is missing, or it is one of the later models that are made in another way.
    """
    config, ladder = checkpoint.config("transformer"), checkpoint.config("scheduler")
    if config.get("patch_size_t") or config.get("in_channels", 16) != config.get("out_channels", 16):
        raise ModelError(
            "CogVideoX 1.5 and the models that begin with a picture cannot run here: their network takes two latents, "
            "or a picture beside each, as one. Take CogVideoX-2b or CogVideoX-5b."
        )
    vae = CogVideoXVae(checkpoint.load("vae", diffusers.AutoencoderKLCogVideoX))
    network = PerFrameCogVideoX(checkpoint.load("transformer", diffusers.CogVideoXTransformer3DModel))
    betas = float(ladder["beta_start"]), float(ladder["beta_end"])
    return NetworkDenoiser(
        checkpoint.spec(
            channels=vae.channels,
            stride=vae.stride,
            patch=int(config["patch_size"]),
            ladder=to_zero_snr(ddpm_ladder("v", *betas), shift=float(ladder["snr_shift_scale"])),
        ),
        network,
        load_t5(checkpoint, max_tokens=int(config["max_text_seq_length"]), padding="keep"),
        vae,
    )


FAMILY = Family(
    name="cogvideox",
    about="CogVideoX 2B and 5B",
    load=load,
    cards=(
        Card("THUDM/CogVideoX-2b", _2B, PARAMS_2B, TEXT, config={"num_layers": 30}),
        Card("THUDM/CogVideoX-5b", _5B, PARAMS_5B, TEXT, config={"num_layers": 42}),
    ),
    classes=("CogVideoXPipeline", "CogVideoXTransformer3DModel"),
)
