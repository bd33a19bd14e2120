"""LTX-Video 2B and 13B: transformers over latents of eight frames and 32x32 pixels (arXiv 2501.00103).

Read from a folder in diffusers' layout.
"""

from dataclasses import replace

import diffusers

from fifo_live.models.base import Denoiser, ModelSpec, NoiseLadder
from fifo_live.models.card import Card
from fifo_live.models.family import Family
from fifo_live.models.parts.checkpoint import Checkpoint
from fifo_live.models.parts.frame_ltx import FrameLTX
from fifo_live.models.parts.ltx_vae import LtxVae
from fifo_live.models.parts.text import load_t5
from fifo_live.models.parts.transformer_denoiser import TransformerDenoiser

FIRST_HALF = 0.025
"""How much of the noise the first half of the steps takes away."""


def linear_quadratic(num_steps: int) -> tuple[float, ...]:
    """Return the times that LTX-Video is sampled at: evenly down to 0.975, then by a parabola (arXiv 2410.13720).

    With 8 steps they are the ones that the distilled models were trained for.
    """
    places = [2 * step / num_steps - 1 for step in range(num_steps)]
    bends = [(1 - 2 * FIRST_HALF) * max(place, 0) ** 2 for place in places]
    return tuple(1 - FIRST_HALF * (1 + place) - bend for place, bend in zip(places, bends, strict=True))


PARAMS_2B = {"transformer": 1_923_385_472, "text_encoder": 4_762_310_656, "vae": 1_246_913_522}
PARAMS_13B = PARAMS_2B | {"transformer": 13_042_569_344}
LAYERS_2B = {"num_layers": 28}
LAYERS_13B = {"num_layers": 48}
TEXT = "T5 v1.1 XXL"

_DEV_2B = ModelSpec(
    name="LTX-Video-0.9.5",
    width=768,
    height=512,
    fps=24.0,
    latent_shape=(128, 16, 24),
    window=21,
    context=8,
    sink=1,
    levels=36,
    frames_per_latent=8,
    first_latent_frames=1,
    ladder=NoiseLadder("flow", steps=linear_quadratic(36)),
    solver="euler",
    guidance=3.0,
    supports_guidance=True,
    default_prompt="Waves roll onto a sandy beach at sunset. The camera stands still; foam runs up the wet sand and "
    "draws back. The light is warm and low.",
    licence="OpenRAIL-M (LTX-Video 0.9.5)",
)
_DEV_13B = replace(_DEV_2B, name="LTX-Video-0.9.7-dev", guidance=5.0, fps=30.0, licence="LTXV Open Weights")
_DISTILLED_13B = replace(
    _DEV_13B,
    name="LTX-Video-0.9.8-13B-distilled",
    context=4,
    chunk=2,
    levels=8,
    ladder=NoiseLadder("flow", steps=linear_quadratic(8)),
    guidance=1.0,
    supports_guidance=False,
)


def load(checkpoint: Checkpoint) -> Denoiser:
    """Load transformer, T5 and autoencoder.

    Raises: ModelError if something of it is missing.
    """
    vae = LtxVae(checkpoint.load("vae", diffusers.AutoencoderKLLTXVideo))
    spec = checkpoint.spec(channels=vae.channels, stride=vae.stride[1])
    transformer = checkpoint.load("transformer", diffusers.LTXVideoTransformer3DModel)
    return TransformerDenoiser(
        spec,
        FrameLTX(transformer, spec.fps, vae.stride, first_is_one_frame=vae.is_of_095),
        load_t5(checkpoint, max_tokens=256 if vae.is_of_095 else 128, padding="mark"),
        vae,
    )


FAMILY = Family(
    name="ltx",
    about="LTX-Video 2B and 13B, also distilled",
    load=load,
    cards=(
        Card("Lightricks/LTX-Video-0.9.8-13B-distilled", _DISTILLED_13B, PARAMS_13B, TEXT, 8, LAYERS_13B),
        Card(
            "Lightricks/LTX-Video-0.9.7-distilled",
            replace(_DISTILLED_13B, name="LTX-Video-0.9.7-distilled"),
            PARAMS_13B,
            TEXT,
            8,
            LAYERS_13B,
        ),
        Card("Lightricks/LTX-Video-0.9.7-dev", _DEV_13B, PARAMS_13B, TEXT, 0, LAYERS_13B),
        Card("Lightricks/LTX-Video-0.9.5", _DEV_2B, PARAMS_2B, TEXT, 0, LAYERS_2B),
    ),
    classes=("LTXPipeline", "LTXConditionPipeline", "LTXImageToVideoPipeline", "LTXVideoTransformer3DModel"),
)
