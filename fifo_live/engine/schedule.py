"""The solver step of every chunk of the diagonal at every tick: one formula for all diagonal methods.

A chunk is `chunk` latents that share a noise level. Chunks are numbered in the order in which they leave, from 0.
Chunk n takes its first step at tick n * micro_steps and one step a tick from then on; its last one ends at x0.
So the start (chunks still waiting as pure noise) needs no rule of its own.
"""

from dataclasses import dataclass

from fifo_live.errors import ConfigError


@dataclass(frozen=True)
class Schedule:
    """c latents per noise level, s micro-steps between two shifts, N levels in the queue.

    FIFO-Diffusion (arXiv 2405.11473) is c=1, s=1; MAGI-1 (arXiv 2505.13211) c=6, s=16, N=4; N=1 samples plain clips.

    Raises: ConfigError for a number below 1.
    """

    chunk: int
    micro_steps: int
    levels: int

    def __post_init__(self) -> None:
        for name in ("chunk", "micro_steps", "levels"):
            if getattr(self, name) < 1:
                raise ConfigError(f"engine.{name} is {getattr(self, name)}; it must be at least 1.")

    @property
    def num_steps(self) -> int:
        """T, the solver steps that a latent takes from noise to clean."""
        return self.micro_steps * self.levels

    @property
    def full_tick(self) -> int:
        """The first tick at which the queue holds every level, as it does from then on after each shift."""
        return self.num_steps - self.micro_steps

    @property
    def length(self) -> int:
        """The number of latents in the queue."""
        return self.chunk * self.levels

    def level(self, chunk_number: int, tick: int) -> int:
        """Return a chunk's noise level before `tick`: 0 is clean, `num_steps` pure noise."""
        level = self.num_steps - tick + chunk_number * self.micro_steps
        return min(max(level, 0), self.num_steps)

    def is_due(self, chunk_number: int, tick: int) -> bool:
        """Tell whether a chunk takes a step at `tick`: it has begun and is not yet clean."""
        begin = chunk_number * self.micro_steps
        return begin <= tick < begin + self.num_steps

    def head(self, tick: int) -> int:
        """Return the number of the chunk that is at the head of the queue before `tick`."""
        return max(0, (tick - self.num_steps) // self.micro_steps + 1)

    def shifts_after(self, tick: int) -> bool:
        """Tell whether the head chunk leaves at the end of `tick`."""
        return self.head(tick + 1) > self.head(tick)
