"""One rank of the diagonal queue: `step()` denoises every slot once and lets the head leave.

Shape suffixes: B windows in one forward, F latent frames, C channels, H and W latent height and width.
"""

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

import torch
from torch import Tensor

from fifo_live.engine.batches import Batches, unreported
from fifo_live.engine.conditioning import Conditioning
from fifo_live.engine.diagonal import Diagonal, Origin, Slot, slots_of
from fifo_live.engine.latent_queue import LatentQueue
from fifo_live.engine.noise import stacked_noise
from fifo_live.engine.plan import Plan
from fifo_live.engine.ranks import Neighbours
from fifo_live.engine.shot import Emitted, Shots
from fifo_live.engine.timeline import Cue, Timeline, urgent_start
from fifo_live.engine.window import Window
from fifo_live.errors import PromptError
from fifo_live.models.contract import Denoiser


class Engine:
    """The queue of one rank and what it needs to move: the denoiser, the solver's tables, the timeline."""

    def __init__(
        self,
        denoiser: Denoiser,
        plan: Plan,
        *,
        rank: int = 0,
        seed: int = 0,
        prompt: str = "",
        origin: Origin | None = None,
        report: Callable[[str], None] = unreported,
    ) -> None:
        self._denoiser = denoiser
        self.plan = plan
        self._segment = plan.segments[rank]
        self._held = range(self._segment.start, self._segment.stop + (0 if rank else self._segment.ahead))
        self._neighbours = Neighbours(rank, len(plan.segments))
        self._solver = plan.solver.to(denoiser.device)
        self.seed = seed
        self.guidance = plan.guidance
        self._batches = Batches(plan.windows_per_forward or denoiser.windows_per_forward, report)
        prompt = prompt or denoiser.spec.default_prompt
        self.timeline = Timeline(Cue(0, 0, 0, ((prompt, 1.0),)), cuts=plan.cuts)
        self._shots = Shots(self.timeline)
        self.conditioning = Conditioning(self.timeline, denoiser.encode_prompts, denoiser.device)
        self.conditioning.learn([prompt])
        self.denoiser_s = 0.0
        self._begin(origin or Origin())

    # The main act

    @torch.inference_mode()
    def step(self) -> Emitted | None:
        """Take one tick: every slot that is due goes one level down; returns what leaves the queue, on rank 0."""
        windows = [part for window in self._segment.windows for part in self._parts(window) if self._due(part)]
        for position, x_FCHW, x0_FCHW in self._batches.run(windows, self._denoise):
            self._queue.write(position, x_FCHW, x0_FCHW)
        emitted = None
        if self.diagonal.is_shifting:
            emitted = self._shift()
        else:
            self._queue.share()
        self.diagonal.advance()
        return emitted

    def _denoise(self, windows: Sequence[Window]) -> tuple[Tensor, Tensor, Tensor | None]:
        """Pass windows of one shape through the network; returns the written positions, x', and x0 if it is kept."""
        out_BFCHW = self._predict(windows)
        due = [
            (b, q)
            for b, window in enumerate(windows)
            for q in range(window.write_start, window.stop)
            if self.diagonal.is_due(q)
        ]
        positions = [q for _, q in due]
        levels = [self.diagonal.level(q) for q in positions]
        out = out_BFCHW[[b for b, _ in due], [q - windows[b].read_stop for b, q in due]]
        position, level = (torch.tensor(values, device=out.device) for values in (positions, levels))
        x, x0_last = self._queue.state(position)
        noise = self._noise_of(positions, [q - 1 for q in levels]) if self._solver.is_stochastic else None
        after = self._solver.step(x, out, level - 1, noise, x0_last)
        return position, after, None if x0_last is None else self._solver.x0(x, out, level - 1)

    def _predict(self, windows: Sequence[Window]) -> Tensor:
        positions = [window.positions for window in windows]
        x = torch.stack([self._queue.read(window) for window in windows])
        levels = torch.tensor([[self.diagonal.level(q) for q in row] for row in positions], device=x.device)
        latents = [[self.diagonal.latent(q) for q in row] for row in positions]
        cond = self.conditioning.of(latents, guided=self.guidance != 1.0)
        begin = perf_counter()
        t, target = self._solver.times[levels], self._solver.times[(levels - 1).clamp(min=0)]
        out = self._guided(x, t, target, cond)
        self.denoiser_s += perf_counter() - begin
        return out

    def _guided(self, x: Tensor, t: Tensor, target: Tensor, cond: Tensor) -> Tensor:
        """Classifier-free guidance (arXiv 2207.12598), both branches in one batch; none at scale 1.

        `cond` already holds both branches.
        """
        if self.guidance == 1.0:
            return self._denoiser.denoise_to(x, t, target, cond)
        x, t, target = (torch.cat([tensor, tensor]) for tensor in (x, t, target))
        with_prompt, without = self._denoiser.denoise_to(x, t, target, cond).chunk(2)
        return without + self.guidance * (with_prompt - without)

    def _shift(self) -> Emitted | None:
        chunk = self.plan.schedule.chunk
        x_FCHW = self._queue.shift(chunk, self._fresh_noise)
        latents = range(self.diagonal.latent(0), self.diagonal.latent(chunk))
        if self.plan.sink:
            self._keep_sink(x_FCHW, latents)
        cues = tuple(self.timeline.cue_at(latent).number for latent in latents)
        self.conditioning.forget_before(latents.stop - self.plan.segments[0].halo)
        if x_FCHW is None:
            return None
        begins = tuple(filter(self._shots.begins, latents))
        return Emitted(self._shots.dissolve(x_FCHW, latents), latents, cues, begins)

    def _keep_sink(self, x_FCHW: Tensor | None, latents: range) -> None:
        """Let the ranks agree on a new sink, if a scene begins with one of the latents that have just left."""
        chosen = self._shots.choose_sink(latents)
        if chosen is not None:
            self.conditioning.pin(chosen)
            self._queue.keep(None if x_FCHW is None else x_FCHW[chosen - latents.start])

    # Steering; to be called between two steps, on all ranks with the same values

    def steer(
        self, number: int, prompts: tuple[tuple[str, float], ...], *, transition: int = 0, urgency: float = 1.0
    ) -> Cue:
        """Add a cue at the next latent born, or earlier in the queue if it is urgent."""
        self.conditioning.learn(text for text, _ in prompts)
        begun = ((slot.latent, slot.level) for slot in self.slots() if slot.latent < self.diagonal.next_latent)
        start = urgent_start(begun, self.diagonal.next_latent, urgency)
        return self._add(number, prompts, start, transition)

    def restore(self, number: int, prompts: tuple[tuple[str, float], ...], start: int, transition: int) -> None:
        """Add a cue that was accepted before this engine began."""
        self.conditioning.learn(text for text, _ in prompts)
        self._add(number, prompts, start, transition)

    def _add(self, number: int, prompts: tuple[tuple[str, float], ...], start: int, transition: int) -> Cue:
        cue = self.timeline.add(number, prompts, start, transition)
        self.conditioning.forget_texts()
        return cue

    def adjust(self, *, guidance: float | None = None, seed: int | None = None) -> None:
        """Change what may be changed while the queue runs; None leaves a value as it is.

        Raises: PromptError if the model has its guidance built in.
        """
        if guidance is not None:
            if guidance != 1.0 and not self._denoiser.spec.supports_guidance:
                raise PromptError(
                    "no_guidance", f"{self._denoiser.spec.name} has its guidance built in; it cannot be set."
                )
            self.guidance = guidance
        self.seed = self.seed if seed is None else seed

    def cut(self) -> Cue:
        """Drop the queue and begin again from noise, right behind what has left, under the newest cue at once."""
        num_cuts = self.diagonal.origin.num_cuts + 1
        self._begin(Origin(self.diagonal.latent(0), self.diagonal.head_frame, num_cuts))
        return self.timeline.bring_forward(self.diagonal.origin.latent)

    def begin_with(self, clip_FCHW: Tensor) -> None:
        """Begin again with a full queue: clean latents (F, C, H, W), noised as if they had come down to their places.

        They leave in their order, the first one with the next shift; the last one is repeated up to the tail.
        """
        self._begin(self.diagonal.origin)
        self.diagonal.tick = self.plan.schedule.full_tick
        levels = torch.tensor([self.diagonal.level(q) for q in self._held], device=self._denoiser.device)
        clip = clip_FCHW.to(self._denoiser.device)
        x0 = clip[[min(q, len(clip) - 1) for q in self._held]]
        self._fill(self._solver.noised(x0, self._noise_of(self._held), levels), x0)
        self._queue.share()

    def _begin(self, origin: Origin) -> None:
        self.diagonal = Diagonal(self.plan.schedule, self._denoiser.spec, origin)
        self._shots.begin(origin.latent)
        noise = self._noise_of(self._held)
        self._fill(noise, torch.zeros_like(noise))

    def _fill(self, x_FCHW: Tensor, x0_FCHW: Tensor) -> None:
        x0_last = x0_FCHW if self._solver.is_multistep else None
        self._queue = LatentQueue(self._segment, self._neighbours, x_FCHW, x0_last)

    def slots(self) -> list[Slot]:
        """Return the whole queue as people see it, head first, on every rank."""
        return slots_of(self.diagonal, self.timeline, self.plan.solver.noise_levels)

    # Windows and noise

    def _parts(self, window: Window) -> Iterator[Window]:
        """Yield what there is to read of a window now, in parts if it spans several shots."""
        window = window.begun(self.diagonal.num_left, self.plan.schedule.length)
        if not self._denoiser.spec.sees_waiting:
            window = window.until(self.diagonal.waiting)
        yield from self._shots.views(window, self.diagonal.latent(0))

    def _due(self, window: Window) -> bool:
        return any(self.diagonal.is_due(position) for position in range(window.write_start, window.stop))

    def _noise_of(self, positions: Sequence[int], levels: Sequence[int] | None = None) -> Tensor:
        """Return the noise of the latents at positions for levels; without levels that which enters: (F, C, H, W)."""
        latents = [self.diagonal.latent(position) for position in positions]
        levels = levels or [self.plan.schedule.num_steps] * len(latents)
        shape, num_cuts = self._denoiser.spec.latent_shape, self.diagonal.origin.num_cuts
        return stacked_noise(self.seed, latents, levels, shape, num_cuts).to(self._denoiser.device)

    def _fresh_noise(self) -> Tensor:
        length, chunk = self.plan.schedule.length, self.plan.schedule.chunk
        return self._noise_of(range(length, length + chunk))
