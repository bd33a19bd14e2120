"""Measures the cost of the engine beside its network: a tick against the bare network on the same shapes, in turns."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

import torch
from torch import Tensor

from fifo_live.config import Config
from fifo_live.engine.engine import Engine
from fifo_live.engine.plan import Plan
from fifo_live.models.contract import Denoiser
from fifo_live.models.loading import load_denoiser, say

NUM_TURNS = 100


def measure(config: Config) -> dict[str, float]:
    """Return the medians of a tick (without decoding) and of the bare network, in ms, and their ratio.

    The two take turns in one process, so that whatever else the machine does hits both alike.
    """
    denoiser = load_denoiser(config)
    plan = Plan.make(denoiser.spec, config.engine)
    engine = Engine(denoiser, plan, seed=config.model.seed, report=say)
    while engine.diagonal.warmth[0] < engine.diagonal.warmth[1]:
        engine.step()
    forwards = [
        _forward(denoiser, plan.sink + window.stop - window.start, engine.guidance)
        for window in plan.segments[0].windows
    ]
    ticks, bares = [], []
    for _ in range(NUM_TURNS):
        ticks.append(_time(engine.step, denoiser.device))
        bares.append(sum(_time(forward, denoiser.device) for forward in forwards))
    tick_s, bare_s = median(ticks), median(bares)
    return {"tick_ms": 1000 * tick_s, "bare_ms": 1000 * bare_s, "engine_overhead": tick_s / bare_s}


def _forward(denoiser: Denoiser, length: int, guidance: float) -> Callable[[], Tensor]:
    """Return one pass of the network over a window of so many latents, with guidance if the engine uses it."""
    batch = 1 if guidance == 1.0 else 2
    x = torch.randn(batch, length, *denoiser.spec.latent_shape, device=denoiser.device)
    t = torch.linspace(0.1, 1.0, length, device=denoiser.device).expand(batch, length)
    if denoiser.spec.ladder.prediction != "flow":
        t = t * (len(denoiser.spec.ladder.alphas_cumprod) - 1)
    cond = denoiser.encode_prompts([denoiser.spec.default_prompt]).to(denoiser.device)
    cond = cond.expand(batch, length, *cond.shape[1:])

    def forward() -> Tensor:
        with torch.inference_mode():
            return denoiser.denoise(x, t, cond)

    return forward


def _time(act: Callable[[], object], device: torch.device) -> float:
    """Return the seconds that an act takes, a GPU's work included."""
    begin = perf_counter()
    act()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return perf_counter() - begin
