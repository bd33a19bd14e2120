"""LTX-Video 2B and 13B: transformers over latents of eight frames and 32x32 pixels (arXiv 2501.00103).

Read from a folder in diffusers' layout, or from Lightricks' single file, whose text encoder comes from elsewhere.
"""

from dataclasses import replace
from typing import Any

import diffusers

from fifo_live.models.card import Card
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.common.network_denoiser import NetworkDenoiser
from fifo_live.models.common.noise_schedules import linear_quadratic_times
from fifo_live.models.common.text_encoder import load_t5
from fifo_live.models.contract import Denoiser, ModelSpec, NoiseSchedule
from fifo_live.models.family import Family
from fifo_live.models.ltx.network import PerFrameLTX
from fifo_live.models.ltx.single_file import is_ltx_file, read_transformer, read_vae
from fifo_live.models.ltx.vae import LtxVae

PARAMS_2B = {"transformer": 1_923_385_472, "text_encoder": 4_762_310_656, "vae": 1_246_913_522}
PARAMS_13B = PARAMS_2B | {"transformer": 13_042_569_344}
LAYERS_2B = {"num_layers": 28}
LAYERS_13B = {"num_layers": 48}
TEXT = "T5 v1.1 XXL"
DEV_2B = "Lightricks/LTX-Video-0.9.5"

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
    ladder=NoiseSchedule("flow", steps=linear_quadratic_times(36)),
    solver="euler",
    guidance=3.0,
    supports_guidance=True,
    default_prompt="Waves roll onto a sandy beach at sunset. The camera stands still; foam runs up the wet sand and "
    "draws back. The light is warm and low.",
    licence="OpenRAIL-M (0.9.5), LTXV Open Weights (0.9.6)",
)
_DEV_13B = replace(
    _DEV_2B,
    name="LTX-Video-0.9.7-dev",
    width=1216,
    height=704,
    fps=30.0,
    latent_shape=(128, 22, 38),
    guidance=5.0,
    licence="LTXV Open Weights",
)
_DISTILLED_13B = replace(
    _DEV_13B,
    name="LTX-Video-0.9.8-13B-distilled",
    context=4,
    chunk=2,
    levels=8,
    ladder=NoiseSchedule("flow", steps=linear_quadratic_times(8)),
    guidance=1.0,
    supports_guidance=False,
)
_DISTILLED_2B = replace(_DISTILLED_13B, name="ltxv-2b-0.9.8-distilled")


def load(checkpoint: Checkpoint) -> Denoiser:
    """Load transformer, T5 and autoencoder.

    Raises: ModelError if something of it is missing.
    """
    text_from = checkpoint
    if checkpoint.path.is_file():
        tensors, text_from = checkpoint.tensors(), checkpoint.elsewhere("text_encoder", DEV_2B)
        transformer: Any = checkpoint.place("transformer", read_transformer(tensors))
        vae = LtxVae(checkpoint.place("vae", read_vae(tensors)))
        checkpoint = replace(checkpoint, card=_card_of_file(checkpoint, transformer.config.num_layers))
    else:
        transformer = checkpoint.load("transformer", diffusers.LTXVideoTransformer3DModel)
        vae = LtxVae(checkpoint.load("vae", diffusers.AutoencoderKLLTXVideo))
    spec = checkpoint.spec(channels=vae.channels, stride=vae.stride[1])
    return NetworkDenoiser(
        spec,
        PerFrameLTX(transformer, spec.fps, vae.stride, first_is_one_frame=vae.is_of_095),
        load_t5(text_from, max_tokens=256 if vae.is_of_095 else 128, padding="mark"),
        vae,
    )


def _card_of_file(checkpoint: Checkpoint, num_layers: int) -> Card:
    """Return the card of a file's kind: Lightricks tells in its name whether it is distilled."""
    params = PARAMS_13B if num_layers == LAYERS_13B["num_layers"] else PARAMS_2B
    kinds = {"distilled" in card.spec.name: card for card in reversed(FAMILY.cards) if card.params == params}
    return kinds["distilled" in checkpoint.path.stem]


FAMILY = Family(
    name="ltx",
    about="LTX-Video 2B and 13B, also distilled",
    load=load,
    cards=(
        Card("Lightricks/LTX-Video", _DISTILLED_2B, PARAMS_2B, TEXT, 8, file="ltxv-2b-0.9.8-distilled.safetensors"),
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
        Card(DEV_2B, _DEV_2B, PARAMS_2B, TEXT, 0, LAYERS_2B),
    ),
    recognises=is_ltx_file,
    classes=("LTXPipeline", "LTXConditionPipeline", "LTXImageToVideoPipeline", "LTXVideoTransformer3DModel"),
)
