"""AnyFlow (arXiv 2605.13724): Wan 2.1 distilled to a flow map, for any number of steps.

Read from a folder in diffusers' layout. The network is told, for every latent, its time and the time that the step
leads to. It was trained on clips whose first latent decodes to one picture: the sink keeps its place.
"""

from dataclasses import replace
from typing import Any

import diffusers
from torch import Tensor

from fifo_live.models.card import Card
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.contract import ModelSpec, NoiseSchedule
from fifo_live.models.family import Family
from fifo_live.models.wan.denoiser import WanDenoiser, load_umt5, load_vae
from fifo_live.models.wan.network import Embedded, FrameWan

TEXT = "UMT5-XXL"
PARAMS_1B = {"transformer": 1_422_000_000, "text_encoder": 5_681_000_000, "vae": 127_000_000}
PARAMS_14B = {**PARAMS_1B, "transformer": 14_316_000_000}

_1B = ModelSpec(
    name="AnyFlow-Wan2.1-T2V-1.3B",
    width=832,
    height=480,
    fps=16.0,
    latent_shape=(16, 60, 104),
    window=21,
    frames_per_latent=4,
    first_latent_frames=1,
    sink=1,
    context=4,
    chunk=4,
    levels=4,
    ladder=NoiseSchedule("flow", shift=5.0),
    max_prompt_chars=2000,
    default_prompt="a red panda eats bamboo in a misty forest, cinematic light",
    licence="NVIDIA One-Way Noncommercial License",
    non_commercial=True,
)
_14B = replace(_1B, name="AnyFlow-Wan2.1-T2V-14B")


class FrameAnyFlow(FrameWan):
    """Tells the network two times for every latent."""

    def _embed(self, t_BF: Tensor, target_BF: Tensor, text_NLD: Tensor) -> Embedded:
        layout = {"full_token_per_frame": 1}
        time_BFD, steps_BFX, text, _ = self._network.condition_embedder(t_BF, target_BF, text_NLD, layout_cfg=layout)
        return time_BFD.flatten(0, 1), steps_BFX.flatten(0, 1).unflatten(1, (6, -1)), text

    def _places(self, clips_BCFHW: Tensor) -> Any:
        frames, *sides = clips_BCFHW.shape[2:]
        height, width = (side // self._patch for side in sides)
        layout = {"total_frames": frames, "full_frame_shape": (height, width)}
        return self._network.rope(layout_cfg=layout, device=clips_BCFHW.device)

    def _run(self, block: Any, states_NSD: Tensor, text_NLD: Tensor, steps_N6D: Tensor, places: Any) -> Tensor:
        states: Tensor = block(states_NSD, text_NLD, steps_N6D[:, None], places, None)
        return states


def load(checkpoint: Checkpoint) -> WanDenoiser:
    """Load transformer, UMT5 and autoencoder.

    Raises: ModelError if something of it is missing.
    """
    transformer = checkpoint.load("transformer", diffusers.AnyFlowTransformer3DModel)
    return WanDenoiser(checkpoint, transformer, load_umt5(checkpoint), load_vae(checkpoint), FrameAnyFlow)


FAMILY = Family(
    name="anyflow",
    about="AnyFlow (Wan 2.1) 1.3B and 14B",
    load=load,
    cards=(
        Card("nvidia/AnyFlow-Wan2.1-T2V-1.3B-Diffusers", _1B, PARAMS_1B, TEXT, config={"num_layers": 30}),
        Card("nvidia/AnyFlow-Wan2.1-T2V-14B-Diffusers", _14B, PARAMS_14B, TEXT, config={"num_layers": 40}),
    ),
    classes=("AnyFlowPipeline", "WanAnyFlowPipeline", "AnyFlowTransformer3DModel"),
    tiny_decoder="",
)
