"""SkyReels-V2's own diagonal, as diffusers writes it down, is that of our cards."""

from pathlib import Path

import diffusers
import pytest
import torch

from fifo_live.config import Config
from fifo_live.engine.schedule import Schedule
from fifo_live.models.contract import ModelSpec
from fifo_live.models.loading import load_denoiser
from fifo_live.models.wan.skyreels import FAMILY
from tests.models.wan_stock import load, write_skyreels

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


def test_times_of_their_own_are_the_stock_forward(tmp_path: Path) -> None:
    """With a time for every latent the prediction is that of the stock forward of diffusion forcing."""
    settings = {"name": str(write_skyreels(tmp_path / "model")), "device": "cpu", "dtype": "float32"}
    denoiser = load_denoiser(Config.from_dict({"model": {**settings, "width": 32, "height": 32}}))
    x = torch.randn(2, 5, *denoiser.spec.latent_shape, generator=torch.Generator().manual_seed(0))
    t = torch.rand(2, 5, generator=torch.Generator().manual_seed(1))
    cond = denoiser.encode_prompts(["a calm sea", "fire"])
    ours = denoiser.denoise(x, t, cond[:, None].expand(-1, 5, -1, -1))
    transformer = load(diffusers.SkyReelsV2Transformer3DModel, tmp_path / "model" / "transformer")
    with torch.inference_mode():
        alone = [
            transformer(
                x[b : b + 1].transpose(1, 2),
                1000 * t[b : b + 1],
                cond[b : b + 1],
                enable_diffusion_forcing=True,
                fps=[1],
            ).sample.transpose(1, 2)
            for b in range(2)
        ]
    assert torch.allclose(ours, torch.cat(alone), rtol=1e-5, atol=1e-5)
