"""The making of the model, from nothing to weights, at toy size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch

from fifo_live.bundled.text_encoder import ENTRIES
from fifo_live.bundled.weights import load_model, make_denoiser
from fifo_live.training import adversarial
from fifo_live.training.budget import Budget, cosine_rate
from fifo_live.training.run_plan import RunPlan
from fifo_live.training.stages import export, load_dataset, make


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunPlan]:
    folder = tmp_path_factory.mktemp("making")
    plan = RunPlan(
        work=folder / "work",
        out=folder / "weights",
        geometry_name="toy",
        images=6,
        shards=1,
        text_steps=3,
        autoencoder_minutes=0.01,
        denoiser_minutes=0.02,
        adversarial_minutes=0.02,
        text_encoders=2,
        decoder_minutes=0.01,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adversarial, "ALONE", 0)
        patch.setattr(adversarial, "GROUPS", 2)
        make(plan)
        yield plan


def test_the_stages_end_in_weights_that_load(made: RunPlan) -> None:
    """After all stages the folder holds a model that runs."""
    model = load_model(made.out)
    x = torch.randn(1, 4, *model.geometry.latent_shape)
    assert model.denoiser(x, torch.rand(1, 4), torch.rand(1, 4, ENTRIES)).shape == x.shape
    assert model.scale > 0


def test_training_carries_on_where_it_stopped(made: RunPlan) -> None:
    """More minutes add steps to the checkpoint instead of beginning again; finished data is left alone."""
    checkpoints = made.path("denoiser"), made.path("adversarial"), made.path("discriminator")
    before = [torch.load(path, weights_only=True)["step"] for path in checkpoints]
    assert min(before) > 0
    shard = next((made.work / "latents").glob("*.npz"))
    written = shard.stat().st_mtime_ns
    make(replace(made, denoiser_minutes=0.04, adversarial_minutes=0.04))
    for path, steps in zip(checkpoints, before, strict=True):
        assert torch.load(path, weights_only=True)["step"] > steps
    assert shard.stat().st_mtime_ns == written


def test_windows_have_unit_variance(made: RunPlan) -> None:
    """Latents are scaled by one number to about unit variance, and prompts are shares."""
    dataset = load_dataset(made)
    latent, prompt, sink, _ = replace(dataset, unconditional=0.0).window(8, torch.Generator().manual_seed(0))
    assert latent.shape == (8, 4, 4, 4)
    assert sink.shape == (4, 4, 4)
    assert torch.allclose(prompt.sum(1), torch.full((8,), 4.0), atol=1e-3)
    assert abs(float((dataset.latents.float() * dataset.scale).std()) - 1) < 0.01


def test_the_averaged_weights_are_the_ones_exported(made: RunPlan) -> None:
    """The file holds the running average of the last stage, in half precision."""
    export(made)
    average = torch.load(made.path("adversarial"), weights_only=True)["average"]
    exported = load_model(made.out).denoiser.state_dict()
    assert set(exported) == set(make_denoiser(made.geometry).state_dict())
    for name, value in average.items():
        assert torch.allclose(exported[name], value, atol=2e-3)


def test_the_rate_warms_up_holds_and_falls() -> None:
    """The learning rate rises for a hundred steps, stays, and ends at its floor."""
    assert cosine_rate(0, 0.0, 1.0) < 0.02
    assert cosine_rate(500, 0.3, 1.0, hold=0.5) == 1.0
    assert cosine_rate(500, 1.0, 1.0, hold=0.5) == pytest.approx(0.02)


def test_a_budget_counts_over_restarts() -> None:
    """Seconds of an earlier run count towards the budget."""
    budget = Budget(minutes=1, spent_s=59.999)
    assert 0.99 < budget.tick() <= 1


def test_a_budget_does_not_count_preparation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds before the beginning are not spent."""
    now_s = 100.0
    monkeypatch.setattr("fifo_live.training.budget.time.monotonic", lambda: now_s)
    budget = Budget(minutes=1)
    now_s = 190.0
    budget.begin()
    now_s = 220.0
    assert budget.tick() == pytest.approx(0.5)
