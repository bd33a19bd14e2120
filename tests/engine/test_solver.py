"""The tables agree with diffusers' own schedulers over whole trajectories."""

from importlib import import_module
from typing import Any

import pytest
import torch
from torch import Tensor

from fifo_live.engine.solver import SOLVERS, Solver, build_solver
from fifo_live.errors import ConfigError, ModelError
from fifo_live.models.common.noise_schedules import ddpm_ladder, linear_quadratic_times, to_zero_snr
from fifo_live.models.contract import NoiseSchedule, Prediction

diffusers: Any = import_module("diffusers")  # its schedulers carry no types
VP: dict[str, Any] = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", num_train_timesteps=1000)
SHAPE = (1, 4, 6, 6)


def network(x: Tensor, t: float) -> Tensor:
    """A smooth stand-in for a network: any function of the latent and the time does."""
    return torch.tanh(0.7 * x + 0.3) * (0.5 + 0.4 * float(t))


def vp_ladder(prediction: Prediction) -> NoiseSchedule:
    abar = diffusers.DDIMScheduler(**VP).alphas_cumprod
    return NoiseSchedule(prediction, tuple(abar.double().tolist()))


def run_table(solver: Solver, x: Tensor, noises: list[Tensor], scale: float) -> Tensor:
    """Take a latent from pure noise to x0, one table row a step."""
    x0 = torch.zeros_like(x)
    for step, row in enumerate(reversed(range(len(solver.a)))):
        out = network(x, float(solver.times[row + 1]) / scale)
        row_F = torch.tensor([row])
        x, x0 = solver.step(x, out, row_F, noises[step], x0 if step else None), solver.x0(x, out, row_F)
    return x


def relative_error(ours: Tensor, theirs: Tensor) -> float:
    return float((ours - theirs).abs().max() / theirs.abs().max())


def noises(count: int) -> list[Tensor]:
    generator = torch.Generator().manual_seed(5)
    return [torch.randn(SHAPE, generator=generator) for _ in range(count)]


# DDIMScheduler takes 1000 // num_steps as the distance to the next timestep, so only divisors of 1000 compare.
@pytest.mark.parametrize("num_steps", [4, 20, 50])
@pytest.mark.parametrize("eta", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("prediction", ["eps", "v"])
def test_ddim_agrees(prediction: Prediction, eta: float, num_steps: int) -> None:
    """DDIM gives what DDIMScheduler gives, for eps and v and any eta."""
    kind = {"eps": "epsilon", "v": "v_prediction"}[prediction]
    theirs = diffusers.DDIMScheduler(**VP, prediction_type=kind, clip_sample=False, timestep_spacing="trailing")
    theirs.set_timesteps(num_steps)
    x, z = noises(1)[0], noises(num_steps)
    y = x
    for step, t in enumerate(theirs.timesteps):
        y = theirs.step(network(y, float(t) / 1000), int(t), y, eta=eta, variance_noise=z[step]).prev_sample
    ours = run_table(build_solver(vp_ladder(prediction), "ddim", num_steps, eta), x, z, 1000)
    assert relative_error(ours, y) < 1e-5


@pytest.mark.parametrize("num_steps", [4, 8, 50])
@pytest.mark.parametrize("shift", [1.0, 3.0])
def test_flow_euler_agrees(shift: float, num_steps: int) -> None:
    """Euler on a flow path gives what FlowMatchEulerDiscreteScheduler gives."""
    theirs = diffusers.FlowMatchEulerDiscreteScheduler(shift=shift)
    theirs.set_timesteps(sigmas=[1 - i / num_steps for i in range(num_steps)])
    x = noises(1)[0]
    y = x
    for t in theirs.timesteps:
        y = theirs.step(network(y, float(t) / 1000), t, y).prev_sample
    ours = run_table(build_solver(NoiseSchedule("flow", shift=shift), "euler", num_steps), x, noises(num_steps), 1)
    assert relative_error(ours, y) < 1e-5


def test_a_distilled_ladder_is_visited_at_its_own_steps() -> None:
    """A model's own few times are kept as they are; with twice as many steps there is one between each two."""
    ladder = NoiseSchedule("flow", shift=8.0, steps=(1.0, 0.75, 0.5))
    assert build_solver(ladder, "renoise", 3).times.tolist() == [0.0, 0.5, 0.75, 1.0]
    assert build_solver(ladder, "renoise", 6).times.tolist() == [0.0, 0.25, 0.5, 0.625, 0.75, 0.875, 1.0]


@pytest.mark.parametrize("num_steps", [2, 4, 8])
def test_lcm_agrees(num_steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """LCM gives what LCMScheduler gives on the same timesteps."""
    solver = build_solver(vp_ladder("eps"), "lcm", num_steps)
    theirs = diffusers.LCMScheduler(**VP, original_inference_steps=1000)
    theirs.set_timesteps(timesteps=[int(t) for t in solver.times[1:].flip(0)])
    x, z = noises(1)[0], noises(num_steps)
    queue = iter(z)
    monkeypatch.setattr("diffusers.schedulers.scheduling_lcm.randn_tensor", lambda *a, **k: next(queue))
    y = x
    for t in theirs.timesteps:
        y = theirs.step(network(y, float(t) / 1000), t, y).prev_sample
    assert relative_error(run_table(solver, x, z, 1000), y) < 1e-5


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # diffusers' own, with numpy 2
@pytest.mark.parametrize("num_steps", [4, 8, 20])
@pytest.mark.parametrize("prediction", ["eps", "v"])
def test_dpmpp_2m_agrees(prediction: Prediction, num_steps: int) -> None:
    """DPM-Solver++(2M) gives what DPMSolverMultistepScheduler gives, x0 of the last step included."""
    kind = {"eps": "epsilon", "v": "v_prediction"}[prediction]
    theirs = diffusers.DPMSolverMultistepScheduler(
        **VP, prediction_type=kind, timestep_spacing="trailing", final_sigmas_type="zero", euler_at_final=True
    )
    theirs.set_timesteps(num_steps)
    x = noises(1)[0]
    y = x
    for t in theirs.timesteps:
        y = theirs.step(network(y, float(t) / 1000), t, y).prev_sample
    ours = run_table(build_solver(vp_ladder(prediction), "dpmpp_2m", num_steps), x, noises(num_steps), 1000)
    assert relative_error(ours, y) < 1e-5


@pytest.mark.parametrize("name", SOLVERS)
@pytest.mark.parametrize("prediction", ["eps", "v", "flow"])
def test_ends_at_x0(name: str, prediction: Prediction) -> None:
    """The last step of every solver leaves exactly the x0 it predicts, whatever noise and history it is given."""
    ladder = NoiseSchedule("flow") if prediction == "flow" else vp_ladder(prediction)
    solver = build_solver(ladder, name, 8)
    x, out, z = noises(3)
    after = solver.step(x, out, torch.tensor([0]), z, noises(4)[3])
    assert torch.allclose(after, solver.x0(x, out, torch.tensor([0])), atol=1e-6)
    assert float(solver.c[0]) == 0.0 and float(solver.m[0]) == 0.0


@pytest.mark.parametrize("name", SOLVERS)
def test_has_no_identity_step(name: str) -> None:
    """Every step lowers the noise: no level is visited twice."""
    for ladder in (NoiseSchedule("flow"), vp_ladder("eps")):
        times = build_solver(ladder, name, 64).times
        assert bool((times[1:] > times[:-1]).all())


@pytest.mark.parametrize("prediction", ["eps", "v", "flow"])
def test_noised_latents_are_on_the_path(prediction: Prediction) -> None:
    """From a clean latent that is noised to any level, the right prediction leads back to it."""
    ladder = NoiseSchedule("flow", shift=3.0) if prediction == "flow" else vp_ladder(prediction)
    solver = build_solver(ladder, "ddim", 12)
    level = torch.arange(1, 13)
    x0, noise = torch.randn(2, 12, 3, 2, 2, dtype=torch.float64)
    alpha, sigma = (table[level][:, None, None, None].double() for table in (solver.alpha, solver.sigma))
    out = {"eps": noise, "v": alpha * noise - sigma * x0, "flow": noise - x0}[prediction]
    assert torch.allclose(solver.x0(solver.noised(x0, noise, level), out, level - 1), x0, atol=1e-5)
    assert torch.equal(solver.noised(x0, noise, 0 * level), x0)


def test_rows_mix() -> None:
    """Latents at different levels in one call each get their own row."""
    solver = build_solver(vp_ladder("v"), "ddim", 8)
    x, out = torch.cat(noises(3)), torch.cat(noises(6)[3:])
    rows = torch.tensor([7, 0, 3])
    together = solver.step(x, out, rows, None, None)
    alone = [solver.step(x[i : i + 1], out[i : i + 1], rows[i : i + 1], None, None) for i in range(3)]
    assert torch.equal(together, torch.cat(alone))


def test_refuses_unknown_names() -> None:
    """An unknown solver is an error that names the known ones."""
    with pytest.raises(ConfigError, match="known solvers: .*ddim"):
        build_solver(NoiseSchedule("flow"), "magic", 8)


LADDERS = {
    "eps": vp_ladder("eps"),
    "eps, linear betas": ddpm_ladder("eps", 0.00085, 0.012, scaled=False),
    "v": vp_ladder("v"),
    "v, down to nothing but noise": to_zero_snr(vp_ladder("v"), shift=3.0),
    "flow": NoiseSchedule("flow"),
    "flow, shift 8": NoiseSchedule("flow", shift=8.0),
    "flow, few steps": NoiseSchedule("flow", steps=(1.0, 0.757, 0.522)),
    "flow, linear then quadratic": NoiseSchedule("flow", steps=linear_quadratic_times(8)),
}


def perfect(ladder: NoiseSchedule, solver: Solver, level: int, x: Tensor, x0: Tensor) -> Tensor:
    """What a network predicts that knows the clean latent."""
    alpha, sigma = solver.alpha[level].double(), solver.sigma[level].double()
    noise = (x - alpha * x0) / sigma
    return {"eps": noise, "v": alpha * noise - sigma * x0, "flow": noise - x0}[ladder.prediction]


@pytest.mark.parametrize("ladder", LADDERS.values(), ids=LADDERS)
@pytest.mark.parametrize("name", SOLVERS)
@pytest.mark.parametrize("eta", [0.0, 0.3, 1.0])
def test_a_perfect_network_keeps_every_latent_at_its_level(name: str, ladder: NoiseSchedule, eta: float) -> None:
    """With any number of steps a latent holds as much of x0 and of noise as its level says: none of it at the end."""
    for num_steps in (1, 2, 3, 8, 48, 64):
        solver = build_solver(ladder, name, num_steps, eta)
        # Three latents: what becomes of the clean part, of the noise that is there, and of the noise that is added.
        x0 = torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64)[:, None, None, None]
        unit = torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64)[:, None, None, None]
        fresh = torch.tensor([0.0, 0.0, 1.0], dtype=torch.float64)[:, None, None, None]
        x = solver.alpha[-1] * x0 + solver.sigma[-1] * unit
        for level in reversed(range(1, num_steps + 1)):
            rows = torch.tensor([level - 1] * 3)
            out = perfect(ladder, solver, level, x, x0)
            assert torch.allclose(solver.x0(x, out, rows), x0, atol=2e-3)
            kept, old, new = solver.step(x, out, rows, fresh, x0).flatten().tolist()
            noise = (old**2 + new**2) ** 0.5
            assert kept == pytest.approx(float(solver.alpha[level - 1]), abs=2e-3)
            assert noise == pytest.approx(float(solver.sigma[level - 1]), abs=2e-3)
            x = kept * x0 + noise * unit


def test_lcm_on_a_flow_path_is_renoise() -> None:
    """LCM's scalings are for training timesteps; times between 0 and 1 have none."""
    ladder = NoiseSchedule("flow", shift=8.0)
    lcm, renoise = (build_solver(ladder, name, 48) for name in ("lcm", "renoise"))
    assert all(torch.equal(getattr(lcm, table), getattr(renoise, table)) for table in "abcmde")


@pytest.mark.parametrize("prediction", ["eps", "v"])
def test_every_step_needs_a_trained_level(prediction: Prediction) -> None:
    """As many steps as trained levels visit each of them once; one more is an error that says how many there are."""
    times = build_solver(vp_ladder(prediction), "ddim", 1000).times
    assert times[1:].tolist() == list(range(1000))
    with pytest.raises(ConfigError, match="is 1001, but the model knows 1000 noise levels"):
        build_solver(vp_ladder(prediction), "ddim", 1001)


@pytest.mark.parametrize("num_steps", range(1, 1001, 37))
def test_no_trained_level_is_visited_twice(num_steps: int) -> None:
    """With any number of steps the times rise from level to level, and none is below 0."""
    times = build_solver(vp_ladder("eps"), "ddim", num_steps).times[1:]
    assert float(times[0]) >= 0 and bool((times[1:] > times[:-1]).all())


def test_noise_cannot_be_told_from_nothing_else() -> None:
    """A ladder that ends in nothing but noise is an error for a model that predicts noise."""
    with pytest.raises(ModelError, match="no picture follows"):
        build_solver(to_zero_snr(vp_ladder("eps"), shift=1.0), "ddim", 8)
