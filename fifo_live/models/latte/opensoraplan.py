"""Open-Sora Plan v1.1: Latte's network over latents of four pictures each (github.com/PKU-YuanGroup/Open-Sora-Plan).

Read from a folder of the published repository, 65x512x512 or 221x512x512, with the folder `vae` beside it. The text
encoder is published elsewhere; folders `text_encoder` and `tokenizer` beside it are used if they are there. The learned
variances are not used.
"""

from collections.abc import Mapping
from dataclasses import replace
from inspect import signature
from typing import Any

import diffusers
import torch
from torch import Tensor

from fifo_live.errors import ModelError
from fifo_live.models.card import Card
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.common.materialise import filled
from fifo_live.models.common.network_denoiser import NetworkDenoiser
from fifo_live.models.common.noise_schedules import ddpm_ladder
from fifo_live.models.common.text_encoder import load_t5
from fifo_live.models.contract import Denoiser, ModelSpec
from fifo_live.models.family import Family
from fifo_live.models.latte.causal_video_vae import CausalVideoVae
from fifo_live.models.latte.network import PerFrameLatte

REPOSITORY = "LanguageBind/Open-Sora-Plan-v1.1.0"
TEXT_ENCODER = "DeepFloyd/t5-v1_1-xxl"
PARAMS = {"transformer": 1_057_000_000, "text_encoder": 4_762_000_000, "vae": 246_900_000}
MAX_TOKENS = 300
TRAINED_LENGTH = 16
"""As many positions the network knew before it was trained on longer clips, whose positions lie between those."""
UNUSED = "caption_projection.y_embedding"

_SHORT = ModelSpec(
    name="Open-Sora-Plan-v1.1.0 65x512x512",
    width=512,
    height=512,
    fps=24.0,
    latent_shape=(4, 64, 64),
    window=17,
    frames_per_latent=4,
    first_latent_frames=1,
    sink=1,
    context=8,
    levels=64,
    ladder=ddpm_ladder("eps", 0.0001, 0.02, scaled=False),
    solver="ddim",
    guidance=7.5,
    supports_guidance=True,
    default_prompt="waves roll onto a beach at sunset",
    licence="MIT",
)
_LONG = replace(_SHORT, name="Open-Sora-Plan-v1.1.0 221x512x512", window=56, context=27, levels=56)


def load(checkpoint: Checkpoint) -> Denoiser:
    """Load the network, T5 and the autoencoder.

    Raises: ModelError if something of it is missing, or is built in a way that is not published.
    """
    beside = checkpoint if checkpoint.has("vae") else checkpoint.at(checkpoint.path.parent)
    vae = CausalVideoVae.load(beside)
    latte = checkpoint.place("transformer", read_latte(checkpoint.config(""), checkpoint.tensors()))
    text = beside.elsewhere("text_encoder", TEXT_ENCODER)
    parts = ("text_encoder", "tokenizer") if text.has("text_encoder") else ("", "")
    return NetworkDenoiser(
        checkpoint.spec(channels=vae.channels, stride=vae.stride, patch=latte.config.patch_size),
        PerFrameLatte(latte),
        load_t5(text, max_tokens=MAX_TOKENS, padding="mark", parts=parts),
        vae,
    )


def read_latte(config: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> Any:
    """Return the published LatteT2V as diffusers' class of the same network.

    Raises: ModelError if it is another network.
    """
    if config.get("use_rope") or config.get("compress_kv_factor", 1) != 1:
        raise ModelError("This Open-Sora Plan network has rotary positions or compressed keys; v1.1 has neither.")
    cls: Any = diffusers.LatteTransformer3DModel
    known = signature(cls.__init__).parameters
    taken = {key: value for key, value in config.items() if key in known}
    taken["sample_size"] = config["sample_size"][0]
    kept = {key: tensor for key, tensor in tensors.items() if key != UNUSED}
    latte = filled(lambda: cls.from_config(taken), kept, "transformer")
    # Positions are computed, not read: those of the pictures' places come from the same network without any blocks.
    latte.pos_embed.pos_embed = cls.from_config({**taken, "num_layers": 0}).pos_embed.pos_embed
    latte.temp_pos_embed = positions(config, latte.scale_shift_table.shape[1])
    return latte


def positions(config: Mapping[str, Any], width: int) -> Tensor:
    """Return the embeddings of the latents' places in time, (1, latents, width): longer clips are packed closer."""
    length = config["video_length"]
    scale = config.get("interpolation_scale_1d") or max((length - length % 2) // TRAINED_LENGTH, 1)
    frequencies = 10000 ** -(torch.arange(width // 2, dtype=torch.float64) / (width / 2))
    angles = torch.outer(torch.arange(length, dtype=torch.float64) / scale, frequencies)
    return torch.cat([angles.sin(), angles.cos()], 1).float()[None]


FAMILY = Family(
    name="opensoraplan",
    about="Open-Sora Plan v1.1, clips of 65 and 221 pictures",
    load=load,
    cards=(
        Card(f"{REPOSITORY}/65x512x512", _SHORT, PARAMS, "T5 XXL", config={"video_length": 17}),
        Card(f"{REPOSITORY}/221x512x512", _LONG, PARAMS, "T5 XXL", config={"video_length": 56}),
    ),
    classes=("LatteT2V",),
)
