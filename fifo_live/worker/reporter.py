"""Reports of rank 0 while it runs: progress, the queue, figures."""

from time import perf_counter

import psutil
import torch

from fifo_live.config import Config
from fifo_live.engine.engine import Engine
from fifo_live.engine.plan import Plan
from fifo_live.link.messages import EngineStats
from fifo_live.link.transport import WorkerChannel
from fifo_live.models.contract import Denoiser
from fifo_live.protocol.model import ModelInfo
from fifo_live.protocol.slots import Queue, Slot
from fifo_live.protocol.state import Progress
from fifo_live.worker.frame_writer import FrameWriter

QUEUE_INTERVAL_S = 0.2
STATS_INTERVAL_S = 1.0


def model_info(denoiser: Denoiser, plan: Plan, config: Config) -> ModelInfo:
    """Return what viewers may know of the model as it is run."""
    spec, schedule = denoiser.spec, plan.schedule
    return ModelInfo(
        name=spec.name,
        width=spec.width,
        height=spec.height,
        fps=spec.fps,
        frames_per_latent=spec.frames_per_latent,
        levels=schedule.levels,
        chunk=schedule.chunk,
        micro_steps=schedule.micro_steps,
        window=plan.window,
        context=plan.context,
        queue_length=schedule.length,
        ranks=len(plan.segments),
        dtype=denoiser.dtype_name,
        device=str(denoiser.device),
        supports_guidance=spec.supports_guidance,
        guidance=plan.guidance,
        max_prompt_chars=spec.max_prompt_chars,
        default_prompt=config.model.prompt or spec.default_prompt,
        licence=spec.licence,
        non_commercial=spec.non_commercial,
        knows=list(spec.knows),
    )


def queue_state(engine: Engine) -> Queue:
    """Return the whole diagonal, head first."""
    slots = [Slot(latent=s.latent, level=round(s.level, 4), cue=s.cue, age=s.age) for s in engine.slots()]
    return Queue(tick=engine.diagonal.tick, slots=slots)


class Reporter:
    """Sums up times between two reports; the loop adds its own to them."""

    def __init__(self, channel: WorkerChannel, engine: Engine, outlet: FrameWriter, device: torch.device) -> None:
        self._channel = channel
        self._engine = engine
        self._outlet = outlet
        self._device = device
        self._process = psutil.Process()
        self._is_running = False
        self._tick_s = 0.0
        self._num_ticks = 0
        self._queue_due_s = self._stats_begin_s = perf_counter()
        self._at_last = self._totals()

    def add_tick(self, seconds: float) -> None:
        """Count a tick that took so long."""
        self._num_ticks += 1
        self._tick_s += seconds

    def report(self) -> None:
        """Send what is due; to be called after each tick."""
        now = perf_counter()
        self._report_progress()
        if now >= self._queue_due_s:
            self._queue_due_s = now + QUEUE_INTERVAL_S
            self._channel.send(queue_state(self._engine))
        if now >= self._stats_begin_s + STATS_INTERVAL_S:
            self._channel.send(self._stats(now - self._stats_begin_s))
            self._stats_begin_s = now

    def _report_progress(self) -> None:
        done, total = self._engine.diagonal.warmth
        if done < total:
            self._is_running = False
            self._channel.send(Progress(stage="warming", done=done, total=total, detail="first pass over the queue"))
        elif not self._is_running:
            self._is_running = True
            self._channel.send(Progress(stage="running", done=total, total=total))

    def _totals(self) -> tuple[float, ...]:
        outlet = self._outlet
        return self._num_ticks, outlet.num_frames, self._tick_s, self._engine.denoiser_s, outlet.decode_s

    def _stats(self, elapsed_s: float) -> EngineStats:
        totals = self._totals()
        ticks, frames, tick_s, denoiser_s, decode_s = (
            now - before for now, before in zip(totals, self._at_last, strict=True)
        )
        self._at_last = totals
        return EngineStats(
            tick=self._engine.diagonal.tick,
            frames=self._outlet.num_frames,
            tick_ms=1000 * tick_s / max(ticks, 1),
            denoiser_ms=1000 * denoiser_s / max(ticks, 1),
            decode_ms=1000 * decode_s / max(frames, 1),
            generated_fps=frames / elapsed_s,
            rss_mb=self._process.memory_info().rss / 2**20,
            device_mb=torch.cuda.memory_allocated(self._device) / 2**20 if self._device.type == "cuda" else 0.0,
        )
