"""`fifo-live bench start`: two ways to the first frame, and what each costs.

Growing: the queue begins as noise, one chunk after the other starts to move; the first latent leaves after T ticks and
every evaluation is kept. Seeding: a plain clip of one window is sampled in T steps, noised again to the diagonal, and
the queue ticks once. FIFO-Diffusion's reference seeds, and fills a queue longer than the clip with copies of its first
frame, which it then throws away (`seed_copies`).
"""

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from torch import Tensor

from fifo_live.config import Config
from fifo_live.engine.engine import Engine
from fifo_live.engine.plan import Plan
from fifo_live.models.contract import Denoiser, StreamDecoder
from fifo_live.models.loading import load_denoiser, say


def measure(config: Config) -> dict[str, float]:
    """Return seconds to the first latent and latent-frame evaluations on the way, for growing and for seeding."""
    denoiser = load_denoiser(config)
    plan = Plan.make(denoiser.spec, config.engine)
    length, num_steps = plan.schedule.length, plan.schedule.num_steps
    clip = min(length, plan.window - plan.sink)
    sampling = replace(
        config.engine, levels=1, micro_steps=num_steps, chunk=clip, window=clip + plan.sink, context=0, ranks=1
    )
    counted = Counted(denoiser)
    Engine(denoiser, plan, report=say).step()  # the first pass through a network is slow
    grow_s, grow = counted.until_first(Engine(counted, plan, seed=config.model.seed, report=say))
    clip_s, sample = counted.until_first(
        Engine(counted, Plan.make(denoiser.spec, sampling), seed=config.model.seed, report=say)
    )
    tick_s, tick = counted.steady_tick(Engine(counted, plan, seed=config.model.seed, report=say))
    return {
        "queue_length": length,
        "num_steps": num_steps,
        "grow_first_latent_s": grow_s,
        "grow_evaluations": grow,
        "seed_first_latent_s": clip_s + tick_s,
        "seed_evaluations": sample + tick,
        "seed_copies": length - clip,
    }


class Counted(Denoiser):
    """A denoiser that counts the latent frames that pass through it."""

    def __init__(self, inner: Denoiser) -> None:
        self.spec = inner.spec
        self.device = inner.device
        self._inner = inner
        self._frames = 0

    def encode_prompts(self, texts: Sequence[str]) -> Tensor:
        return self._inner.encode_prompts(texts)

    def denoise(self, x_BFCHW: Tensor, t_BF: Tensor, cond_BF: Tensor) -> Tensor:
        self._frames += t_BF.numel()
        return self._inner.denoise(x_BFCHW, t_BF, cond_BF)

    def denoise_to(self, x_BFCHW: Tensor, t_BF: Tensor, target_BF: Tensor, cond_BF: Tensor) -> Tensor:
        self._frames += t_BF.numel()
        return self._inner.denoise_to(x_BFCHW, t_BF, target_BF, cond_BF)

    def decoder(self) -> StreamDecoder:
        return self._inner.decoder()

    def until_first(self, engine: Engine) -> tuple[float, int]:
        """Step until something leaves; returns the seconds and the evaluations."""
        begin, self._frames = perf_counter(), 0
        while engine.step() is None:
            continue
        return perf_counter() - begin, self._frames

    def steady_tick(self, engine: Engine) -> tuple[float, int]:
        """Return the seconds and the evaluations of one tick of the full queue."""
        self.until_first(engine)
        return self.until_first(engine)
