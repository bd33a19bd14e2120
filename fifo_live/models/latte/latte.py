"""Latte-1: a transformer over 16 pictures, which looks at space and at time in turns (arXiv 2401.03048).

Read from a folder in diffusers' layout. The learned variances are not used. The folder's `vae` is Stable Diffusion's;
the `vae_temporal_decoder` that is published beside it is left alone, for it would not stream picture by picture.
"""

import diffusers

from fifo_live.models.card import Card
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.common.image_vae import TINY, ImageVae
from fifo_live.models.common.network_denoiser import NetworkDenoiser
from fifo_live.models.common.noise_schedules import ddpm_ladder, ladder_of
from fifo_live.models.common.text_encoder import load_t5
from fifo_live.models.contract import Denoiser, ModelSpec
from fifo_live.models.family import Family
from fifo_live.models.latte.network import PerFrameLatte

PARAMS = {"transformer": 1_057_000_000, "text_encoder": 4_762_000_000, "vae": 83_700_000}
MAX_TOKENS = 120

_LATTE = ModelSpec(
    name="Latte-1",
    width=512,
    height=512,
    fps=8.0,
    latent_shape=(4, 64, 64),
    window=16,
    context=8,
    levels=64,
    ladder=ddpm_ladder("eps", 0.0001, 0.02, scaled=False),
    solver="ddim",
    guidance=7.5,
    supports_guidance=True,
    max_prompt_chars=500,
    default_prompt="sunset over the sea",
    licence="Apache-2.0",
)


def load(checkpoint: Checkpoint) -> Denoiser:
    """Load the transformer, T5 and the autoencoder.

    Raises: ModelError if something of it is missing.
    """
    vae = ImageVae.load(checkpoint)
    ladder = ladder_of(checkpoint.config("scheduler"))
    latte = checkpoint.load("transformer", diffusers.LatteTransformer3DModel)
    return NetworkDenoiser(
        checkpoint.spec(channels=vae.channels, stride=vae.stride, patch=latte.config.patch_size, ladder=ladder),
        PerFrameLatte(latte),
        load_t5(checkpoint, max_tokens=MAX_TOKENS, padding="mark"),
        vae,
    )


FAMILY = Family(
    name="latte",
    about="Latte-1, a transformer over 16 pictures",
    load=load,
    cards=(Card("maxin-cn/Latte-1", _LATTE, PARAMS, "T5 XXL"),),
    classes=("LattePipeline", "LatteTransformer3DModel"),
    tiny_decoder=TINY,
)
