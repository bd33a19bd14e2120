"""Wan 2.1 and 2.2 text-to-video (arXiv 2503.20314): a transformer over 21 or 31 latents of 4 pictures each.

Read from a folder in diffusers' layout, or from one file of a transformer as Wan and LightX2V publish them. Their
networks are told a time for every latent; TI2V-5B was trained with a clean first latent or none, the others with one
time for all. The latent that was always first in training decodes to one picture: the sink keeps its place.
"""

from dataclasses import replace

import diffusers
from torch import Tensor

from fifo_live.errors import ModelError
from fifo_live.models.card import Card
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.contract import ModelSpec, NoiseSchedule
from fifo_live.models.family import Family
from fifo_live.models.wan.denoiser import WanDenoiser, load_umt5, load_vae
from fifo_live.models.wan.network import Embedded, FrameWan
from fifo_live.models.wan.single_file import is_wan_file, layer_name, read_transformer

SMALL = "Wan-AI/Wan2.1-T2V-1.3B-Diffusers"
TEXT, ENCODER = "UMT5-XXL", 5_681_000_000
PARAMS_1B = {"transformer": 1_419_000_000, "text_encoder": ENCODER, "vae": 127_000_000}
CONFIG_1B = {"num_layers": 30, "in_channels": 16}
PARAMS_5B = {"transformer": 5_000_000_000, "text_encoder": ENCODER, "vae": 705_000_000}
PARAMS_14B = {"transformer": 14_288_000_000, "text_encoder": ENCODER, "vae": 127_000_000}

_1B = ModelSpec(
    name="Wan2.1-T2V-1.3B",
    width=832,
    height=480,
    fps=16.0,
    latent_shape=(16, 60, 104),
    window=21,
    frames_per_latent=4,
    first_latent_frames=1,
    sink=1,
    context=8,
    levels=48,
    ladder=NoiseSchedule("flow", shift=8.0),
    solver="dpmpp_2m",
    guidance=6.0,
    supports_guidance=True,
    max_prompt_chars=2000,
    default_prompt="waves roll onto a rocky beach at sunset, wide shot, the camera drifts slowly",
    licence="Apache-2.0",
)
_14B = replace(_1B, name="Wan2.1-T2V-14B", ladder=NoiseSchedule("flow", shift=3.0), guidance=5.0)
_5B = replace(
    _14B,
    name="Wan2.2-TI2V-5B",
    width=1280,
    height=704,
    fps=24.0,
    latent_shape=(48, 44, 80),
    window=31,
    context=14,
    ladder=NoiseSchedule("flow", shift=5.0),
)

# Distilled: a block diagonal, so that all levels fit into one window. Guidance is folded in.
_DMD = NoiseSchedule("flow", steps=(1.0, 0.757, 0.522))
_FAST = replace(_1B, chunk=5, levels=3, solver="renoise", ladder=_DMD, guidance=1.0, supports_guidance=False)
_FAST_1B = replace(_FAST, name="FastWan2.1-T2V-1.3B", height=448, latent_shape=(16, 56, 104), window=16, context=0)
_FAST_14B = replace(_FAST_1B, name="FastWan2.1-T2V-14B")
_FAST_5B = replace(
    _FAST, name="FastWan2.2-TI2V-5B", width=1280, height=704, fps=24.0, latent_shape=(48, 44, 80), context=5
)
_LIGHTX2V = replace(
    _FAST,
    name="wan2.1_t2v_14b_lightx2v_4step",
    chunk=4,
    levels=4,
    context=4,
    solver="euler",
    ladder=NoiseSchedule("flow", shift=5.0),
)


class FrameWan21(FrameWan):
    """Tells the network one time for all cells of a latent."""

    def _embed(self, t_BF: Tensor, target_BF: Tensor, text_NLD: Tensor) -> Embedded:
        time_ND, steps_NX, text, _ = self._network.condition_embedder(t_BF.flatten(), text_NLD)
        return time_ND, steps_NX.unflatten(1, (6, -1)), text


def load(checkpoint: Checkpoint) -> WanDenoiser:
    """Load transformer, UMT5 and autoencoder; what a single file lacks is taken from beside it, or from the hub.

    Raises: ModelError if something of it is missing, or there are two transformers.
    """
    for lora in checkpoint.loras:
        lora.rename(layer_name)
    if checkpoint.path.is_file():
        read = read_transformer(checkpoint.tensors(), checkpoint.dtype)
        transformer = checkpoint.place("transformer", read)
        vae = load_vae(checkpoint.elsewhere("vae", SMALL))
        text = load_umt5(checkpoint.elsewhere("text_encoder", SMALL))
        return WanDenoiser(checkpoint, transformer, text, vae, FrameWan21)
    if checkpoint.has("transformer_2"):
        raise ModelError(f"{str(checkpoint.path)!r} has a second transformer for low noise; fifo-live runs one only.")
    transformer = checkpoint.load("transformer", diffusers.WanTransformer3DModel)
    return WanDenoiser(checkpoint, transformer, load_umt5(checkpoint), load_vae(checkpoint), FrameWan21)


FAMILY = Family(
    name="wan",
    about="Wan 2.1 1.3B and 14B, Wan 2.2 TI2V-5B, FastWan, LightX2V",
    load=load,
    cards=(
        Card(SMALL, _1B, PARAMS_1B, TEXT, config=CONFIG_1B),
        Card("Wan-AI/Wan2.1-T2V-14B-Diffusers", _14B, PARAMS_14B, TEXT, config={"num_layers": 40}),
        Card("Wan-AI/Wan2.2-TI2V-5B-Diffusers", _5B, PARAMS_5B, TEXT, config={"in_channels": 48}),
        Card("FastVideo/FastWan2.1-T2V-1.3B-Diffusers", _FAST_1B, PARAMS_1B, TEXT, config=CONFIG_1B),
        Card("FastVideo/FastWan2.1-T2V-14B-Diffusers", _FAST_14B, PARAMS_14B, TEXT, config={"num_layers": 40}),
        Card("FastVideo/FastWan2.2-TI2V-5B-FullAttn-Diffusers", _FAST_5B, PARAMS_5B, TEXT, config={"in_channels": 48}),
        Card("lightx2v/Wan2.1-Distill-Models", _LIGHTX2V, PARAMS_14B, TEXT, file=f"{_LIGHTX2V.name}.safetensors"),
    ),
    classes=("WanPipeline", "WanDMDPipeline", "WanTransformer3DModel"),
    recognises=is_wan_file,
    tiny_decoder="",
)
