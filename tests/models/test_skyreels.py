"""SkyReels-V2's own diagonal, as diffusers writes it down, is that of our cards."""

import diffusers
import pytest
import torch

from fifo_live.engine.schedule import Schedule
from fifo_live.models.base import ModelSpec
from fifo_live.models.skyreels import FAMILY

NUM_BLOCKS = 12


@pytest.mark.parametrize("spec", [card.spec for card in FAMILY.cards], ids=lambda spec: spec.name)
def test_the_schedule_is_that_of_the_stock_pipeline(spec: ModelSpec) -> None:
    """Every latent has the level, takes its steps, and shares a forward, when diffusers' matrix of times says so."""
    schedule = Schedule(spec.chunk, spec.micro_steps, spec.levels)
    times, _, is_due, intervals = diffusers.SkyReelsV2DiffusionForcingPipeline.generate_timestep_matrix(
        None,  # the pipeline, which it does not look at
        NUM_BLOCKS * spec.chunk,
        torch.arange(schedule.num_steps, 0, -1),
        schedule.length,
        ar_step=spec.micro_steps,
        causal_block_size=spec.chunk,
    )
    levels = times.clamp(max=schedule.num_steps)[:, :: spec.chunk]
    ours = [[schedule.level(block, tick) for block in range(NUM_BLOCKS)] for tick in range(len(times))]
    assert levels.tolist() == ours
    due = [[schedule.is_due(block, tick) for block in range(NUM_BLOCKS)] for tick in range(len(times))]
    assert is_due[:, :: spec.chunk].tolist() == due
    last = NUM_BLOCKS * spec.chunk - schedule.length
    heads = [min(schedule.head(tick) * spec.chunk, last) for tick in range(len(times))]
    assert [start for start, _ in intervals] == heads


def test_the_queue_fills_the_window_that_was_trained() -> None:
    """The whole diagonal passes the network in one forward, with at most one latent to look back at."""
    for card in FAMILY.cards:
        spec = card.spec
        assert spec.chunk * spec.levels + spec.context == spec.window
        assert spec.chunk * spec.levels + 1 >= spec.window
