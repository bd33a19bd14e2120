"""A plain clip through our engine is the clip that the stock pipeline makes: noise levels, times, text and guidance."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import diffusers
import pytest
import torch
import transformers

from fifo_live.config import Config, EngineConfig
from fifo_live.engine.engine import Engine
from fifo_live.engine.plan import Plan
from fifo_live.models.loading import load_denoiser
from tests.models.wan_stock import load, write_anyflow, write_wan

NUM_LATENTS, NUM_STEPS, SHIFT, GUIDANCE = 5, 4, 8.0, 6.0
PROMPT = "a calm sea at sunset"


def even_steps() -> Any:
    """Return Euler's scheduler with steps of one length before they are shifted, as Wan's own scheduler takes them."""
    scheduler: Any = diffusers.FlowMatchEulerDiscreteScheduler(shift=SHIFT)
    stock = scheduler.set_timesteps
    scheduler.set_timesteps = lambda count, **_: stock(sigmas=[1 - step / count for step in range(count)])
    return scheduler


def wan(parts: dict[str, Any], folder: Path) -> Any:
    transformer = load(diffusers.WanTransformer3DModel, folder / "transformer")
    return diffusers.WanPipeline(**parts, transformer=transformer, scheduler=even_steps())


def anyflow(parts: dict[str, Any], folder: Path) -> Any:
    transformer = load(diffusers.AnyFlowTransformer3DModel, folder / "transformer")
    scheduler = diffusers.FlowMapEulerDiscreteScheduler(shift=5.0)
    return diffusers.AnyFlowPipeline(**parts, transformer=transformer, scheduler=scheduler)


@pytest.mark.parametrize(
    ("write", "pipeline", "guidance"),
    [(write_wan, wan, GUIDANCE), (write_anyflow, anyflow, 1.0)],
    ids=["wan", "anyflow"],
)
def test_a_plain_clip_is_that_of_the_stock_pipeline(
    write: Callable[[Path], Path],
    pipeline: Callable[[dict[str, Any], Path], Any],
    guidance: float,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With one level for all latents, a few steps from the same noise end at the same latents."""
    folder = write(tmp_path / "model")
    model = {"name": str(folder), "device": "cpu", "dtype": "float32", "width": 32, "height": 32}
    denoiser = load_denoiser(Config.from_dict({"model": model}))
    schedule: dict[str, Any] = {"chunk": NUM_LATENTS, "levels": 1, "micro_steps": NUM_STEPS, "window": NUM_LATENTS}
    spec = replace(denoiser.spec, **schedule, context=0, sink=0, solver="euler")
    engine = Engine(denoiser, Plan.make(spec, EngineConfig()), prompt=PROMPT)
    assert engine.guidance == guidance
    noise_FCHW = engine._noise_of(range(NUM_LATENTS))
    emitted = [engine.step() for _ in range(NUM_STEPS)][-1]
    assert emitted is not None

    for module in ("wan.pipeline_wan", "anyflow.pipeline_anyflow"):  # its cleaning needs a package that we do not
        monkeypatch.setattr(f"diffusers.pipelines.{module}.prompt_clean", str)
    parts = {
        "tokenizer": transformers.T5Tokenizer.from_pretrained(folder / "tokenizer"),
        "text_encoder": load(transformers.UMT5EncoderModel, folder / "text_encoder"),
        "vae": load(diffusers.AutoencoderKLWan, folder / "vae"),
    }
    stock_1CFHW = pipeline(parts, folder)(
        prompt=PROMPT,
        height=32,
        width=32,
        num_frames=4 * NUM_LATENTS - 3,
        num_inference_steps=NUM_STEPS,
        guidance_scale=guidance,
        latents=noise_FCHW.transpose(0, 1)[None],
        output_type="latent",
    ).frames
    assert torch.allclose(emitted.x_FCHW, stock_1CFHW[0].transpose(0, 1), rtol=1e-4, atol=1e-4)
