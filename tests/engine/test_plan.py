"""The plan merges the model's card with the configuration."""

from dataclasses import replace

import pytest

from fifo_live.config import EngineConfig
from fifo_live.engine.plan import Plan
from fifo_live.errors import ConfigError
from tests.toy import FIFO_SPEC


def test_takes_the_models_own() -> None:
    """Without configuration everything is the model's own."""
    plan = Plan.make(replace(FIFO_SPEC, chunk=2, levels=10), EngineConfig())
    assert (plan.schedule.chunk, plan.schedule.levels, plan.window, plan.context, plan.guidance) == (2, 10, 16, 8, 1.0)


def test_the_sink_takes_a_place_in_the_window() -> None:
    """A window of 17 with a sink writes and reads what one of 16 does without."""
    plan = Plan.make(replace(FIFO_SPEC, window=17, sink=1), EngineConfig())
    assert plan.segments == Plan.make(FIFO_SPEC, EngineConfig()).segments
    assert (plan.window, plan.context, plan.sink) == (17, 8, 1)


def test_configuration_wins() -> None:
    """What the configuration names replaces the model's value, a context of 0 included."""
    config = EngineConfig(levels=12, window=6, context=0, micro_steps=2, ranks=2, solver="ddim", eta=0.5)
    plan = Plan.make(FIFO_SPEC, config)
    assert (plan.schedule.levels, plan.schedule.num_steps, plan.window, plan.context) == (12, 24, 6, 0)
    assert len(plan.segments) == 2 and plan.solver.is_stochastic


@pytest.mark.parametrize(("configured", "guidance"), [(-1.0, 7.5), (0.0, 0.0), (1.0, 1.0), (3.0, 3.0)])
def test_a_guidance_of_0_is_0(configured: float, guidance: float) -> None:
    """Only -1 stands for the model's own guidance."""
    spec = replace(FIFO_SPEC, supports_guidance=True, guidance=7.5)
    assert Plan.make(spec, EngineConfig(guidance=configured)).guidance == guidance


@pytest.mark.parametrize(
    "config",
    [EngineConfig(ranks=9), EngineConfig(context=16), EngineConfig(solver="magic"), EngineConfig(guidance=5.0)],
)
def test_misfits_are_refused(config: EngineConfig) -> None:
    """What does not fit the model is an error before anything is loaded."""
    with pytest.raises(ConfigError):
        Plan.make(FIFO_SPEC, config)
