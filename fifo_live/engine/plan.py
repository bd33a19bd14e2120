"""Effective engine settings: the model's own schedule and windows, overridden by the configuration."""

from dataclasses import dataclass

from fifo_live.config import EngineConfig
from fifo_live.engine.schedule import Schedule
from fifo_live.engine.solver import Solver, build_solver
from fifo_live.engine.window import Segment, plan_segments, plan_windows
from fifo_live.errors import ConfigError
from fifo_live.models.contract import ModelSpec


@dataclass(frozen=True)
class Plan:
    """The schedule, each rank's segment, the solver's tables and the guidance scale to begin with."""

    schedule: Schedule
    segments: tuple[Segment, ...]
    solver: Solver
    window: int
    context: int
    sink: int
    guidance: float
    windows_per_forward: int
    cuts: bool

    @classmethod
    def make(cls, spec: ModelSpec, config: EngineConfig) -> "Plan":
        """Merge the model's card with the configuration.

        Raises: ConfigError if the two do not fit together.
        """
        schedule = Schedule(
            config.chunk or spec.chunk, config.micro_steps or spec.micro_steps, config.levels or spec.levels
        )
        window = config.window or spec.window
        context = spec.context if config.context < 0 else config.context
        guidance = spec.guidance if config.guidance < 0 else config.guidance
        if guidance != 1.0 and not spec.supports_guidance:
            raise ConfigError(
                f"engine.guidance is {guidance}, but {spec.name} has its guidance built in; leave it at -1."
            )
        return cls(
            schedule,
            plan_segments(plan_windows(schedule.length, window - spec.sink, context), config.ranks, schedule.chunk),
            build_solver(spec.ladder, config.solver or spec.solver, schedule.num_steps, config.eta),
            window,
            context,
            spec.sink,
            guidance,
            config.windows_per_forward,
            {"auto": spec.cuts, "yes": True, "no": False}[config.cuts],
        )
