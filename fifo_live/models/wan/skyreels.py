"""SkyReels-V2 with diffusion forcing (arXiv 2504.13074): Wan's form, trained with a noise level for every latent.

Read from a folder in diffusers' layout. Its own way to endless video is a diagonal of blocks: here with its steps,
its block of 5 latents, and as many blocks as it saw in training.
"""

from dataclasses import replace
from functools import partial
from typing import Any

import diffusers
import torch
from torch import Tensor

from fifo_live.errors import ModelError
from fifo_live.models.card import Card
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.contract import ModelSpec, NoiseSchedule
from fifo_live.models.family import Family
from fifo_live.models.wan.denoiser import WanDenoiser, load_umt5, load_vae
from fifo_live.models.wan.network import Embedded, FrameWan

TEXT = "UMT5-XXL"
PARAMS_1B = {"transformer": 1_436_000_000, "text_encoder": 5_681_000_000, "vae": 127_000_000}
PARAMS_14B = {**PARAMS_1B, "transformer": 14_288_000_000}
FRAME_RATES = (16, 24)
"""The frame rates that the network was trained to tell apart, in the order of its embedding."""

_1B = ModelSpec(
    name="SkyReels-V2-DF-1.3B-540P",
    width=960,
    height=544,
    fps=24.0,
    latent_shape=(16, 68, 120),
    window=25,
    frames_per_latent=4,
    first_latent_frames=1,
    chunk=5,
    micro_steps=6,
    levels=5,
    ladder=NoiseSchedule("flow", shift=8.0),
    solver="dpmpp_2m",
    guidance=6.0,
    supports_guidance=True,
    max_prompt_chars=2000,
    default_prompt="a calm lake between high mountains at dawn, mist drifts over the water",
    licence="Skywork Community License",
)
_14B = replace(_1B, name="SkyReels-V2-DF-14B-540P")
_14B_720P = replace(
    _1B,
    name="SkyReels-V2-DF-14B-720P",
    width=1280,
    height=720,
    latent_shape=(16, 90, 160),
    window=31,
    levels=6,
    micro_steps=5,
    context=1,
)


class FrameSkyReels(FrameWan):
    """Tells the network a time for every latent, and the frame rate if it asks for it."""

    def __init__(self, transformer: Any, fps: float) -> None:
        """Raises: ModelError for a transformer in which latents do not see those behind them."""
        super().__init__(transformer)
        if transformer.config.num_frame_per_block > 1:
            raise ModelError("The transformer is a causal one; fifo-live runs those whose latents all see each other.")
        self._rate = int(round(fps) != FRAME_RATES[0])

    def _embed(self, t_BF: Tensor, target_BF: Tensor, text_NLD: Tensor) -> Embedded:
        net = self._network
        time_ND, steps_NX, text, _ = net.condition_embedder(t_BF.flatten(), text_NLD)
        if net.config.inject_sample_info:
            steps_NX = steps_NX + net.fps_projection(net.fps_embedding(torch.tensor([self._rate], device=t_BF.device)))
        return time_ND, steps_NX.unflatten(1, (6, -1)), text

    def _run(self, block: Any, states_NSD: Tensor, text_NLD: Tensor, steps_N6D: Tensor, places: Any) -> Tensor:
        states: Tensor = block(states_NSD, text_NLD, steps_N6D, places, None)
        return states


def load(checkpoint: Checkpoint) -> WanDenoiser:
    """Load transformer, UMT5 and autoencoder.

    Raises: ModelError if something of it is missing.
    """
    transformer = checkpoint.load("transformer", diffusers.SkyReelsV2Transformer3DModel)
    network = partial(FrameSkyReels, fps=checkpoint.card.spec.fps)
    return WanDenoiser(checkpoint, transformer, load_umt5(checkpoint), load_vae(checkpoint), network)


FAMILY = Family(
    name="skyreels",
    about="SkyReels-V2 diffusion forcing 1.3B and 14B",
    load=load,
    cards=(
        Card("Skywork/SkyReels-V2-DF-1.3B-540P-Diffusers", _1B, PARAMS_1B, TEXT, config={"num_layers": 30}),
        Card("Skywork/SkyReels-V2-DF-14B-540P-Diffusers", _14B, PARAMS_14B, TEXT, config={"num_layers": 40}),
        Card("Skywork/SkyReels-V2-DF-14B-720P-Diffusers", _14B_720P, PARAMS_14B, TEXT, config={"num_layers": 40}),
    ),
    classes=("SkyReelsV2DiffusionForcingPipeline", "SkyReelsV2Transformer3DModel"),
    tiny_decoder="",
)
