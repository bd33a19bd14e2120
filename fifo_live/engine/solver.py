"""Solvers as tables: one linear step for every diffusion sampler, looked up by each latent's own level.

    x0 = D * x + E * out
    x' = A * x + B * out + C * noise + M * x0_last

`out` is what the network predicts, `x0_last` the x0 of the same latent one step before. Row i takes a latent from
level i + 1 to level i, so row 0 ends clean. Coefficients are computed in float64 and kept in float32.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fifo_live.errors import ConfigError, ModelError
from fifo_live.models.contract import NoiseSchedule

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Path:
    """The noise path x = alpha * x0 + sigma * noise at levels 0..T, and the time that the network is told at each."""

    alpha: Array
    sigma: Array
    time: Array

    @property
    def num_steps(self) -> int:
        """T, the number of steps from the noisiest level to the clean one."""
        return len(self.time) - 1


@dataclass(frozen=True)
class Solver:
    """The tables, each of shape (T,), and three of shape (T + 1,), one entry for every level.

    `times` is what the network is told there, `alpha` and `sigma` how much of x0 and of noise a latent holds.
    """

    a: Tensor
    b: Tensor
    c: Tensor
    m: Tensor
    d: Tensor
    e: Tensor
    times: Tensor
    alpha: Tensor
    sigma: Tensor

    @cached_property
    def is_stochastic(self) -> bool:
        """Whether steps need fresh noise."""
        return bool(self.c.any())

    @cached_property
    def is_multistep(self) -> bool:
        """Whether steps need the x0 of the step before."""
        return bool(self.m.any())

    @cached_property
    def noise_levels(self) -> tuple[float, ...]:
        """How much noise a latent holds at each level, from 0 to about 1, without float32's last digits."""
        return tuple(round(value, 6) for value in self.sigma.tolist())

    def to(self, device: torch.device) -> "Solver":
        """Return the same tables on another device."""
        return Solver(*(getattr(self, table.name).to(device) for table in fields(self)))

    def step(self, x: Tensor, out: Tensor, row: Tensor, noise: Tensor | None, x0_last: Tensor | None) -> Tensor:
        """Return x' for latents (F, C, H, W) at the table rows `row` (F,)."""
        a, b = self._at(self.a, row), self._at(self.b, row)
        after = torch.addcmul(a * x, b, out)
        if noise is not None:
            after = torch.addcmul(after, self._at(self.c, row), noise)
        if x0_last is not None:
            after = torch.addcmul(after, self._at(self.m, row), x0_last)
        return after

    def x0(self, x: Tensor, out: Tensor, row: Tensor) -> Tensor:
        """Return the clean latents that the network sees in `x`: (F, C, H, W)."""
        return torch.addcmul(self._at(self.d, row) * x, self._at(self.e, row), out)

    def noised(self, x0: Tensor, noise: Tensor, level: Tensor) -> Tensor:
        """Return clean latents (F, C, H, W) as they would be at the levels `level` (F,)."""
        return torch.addcmul(self._at(self.alpha, level) * x0, self._at(self.sigma, level), noise)

    @staticmethod
    def _at(table: Tensor, row: Tensor) -> Tensor:
        return table[row][:, None, None, None]


def build_solver(ladder: NoiseSchedule, name: str, num_steps: int, eta: float = 0.0) -> Solver:
    """Make the tables of the solver called `name` for a model's noise ladder.

    Raises: ConfigError for an unknown name or too many steps; ModelError for a ladder that cannot be followed.
    """
    if name not in SOLVERS:
        raise ConfigError(f"engine.solver is {name!r}; known solvers: {', '.join(SOLVERS)}.")
    path = noise_path(ladder, num_steps)
    p, q, c, m = SOLVERS[name](path, eta)
    d, e = _x0_of_output(path, ladder)
    if name == "lcm" and ladder.prediction != "flow":
        skip, out = _consistency_scalings(path)
        d, e = skip + out * d, out * e
    tables = (p + q * d, q * e, c, m, d, e, path.time, path.alpha, path.sigma)
    return Solver(*(torch.from_numpy(table).to(torch.float32) for table in tables))


def noise_path(ladder: NoiseSchedule, num_steps: int) -> Path:
    """Return the levels that `num_steps` steps visit: evenly spaced, from pure noise to clean.

    A ladder with steps of its own is visited at those; with another number of steps, evenly between them.

    Raises: ConfigError for more steps than there are levels.
    """
    if ladder.prediction == "flow":
        even = np.arange(num_steps + 1) / num_steps
        sigma = ladder.shift * even / (1 + (ladder.shift - 1) * even)
        if ladder.steps:
            own = np.array([0.0, *reversed(ladder.steps)])
            sigma = np.interp(even, np.linspace(0, 1, len(own)), own)
        return Path(1 - sigma, sigma, sigma)
    abar = np.asarray(ladder.alphas_cumprod, np.float64)
    if num_steps > len(abar):
        raise ConfigError(
            f"engine.levels times engine.micro_steps is {num_steps}, but the model knows {len(abar)} noise levels; "
            f"use at most {len(abar)} steps."
        )
    # "Trailing" spacing: the first step starts at the last trained timestep, as pure noise does (arXiv 2305.08891).
    times = np.round(np.arange(len(abar), 0, -len(abar) / num_steps)[:num_steps])[::-1] - 1
    abar = np.concatenate([[1.0], abar[times.astype(int)]])
    return Path(np.sqrt(abar), np.sqrt(1 - abar), np.concatenate([[0.0], times]))


def _x0_of_output(path: Path, ladder: NoiseSchedule) -> tuple[Array, Array]:
    alpha, sigma = path.alpha[1:], path.sigma[1:]
    if ladder.prediction == "eps":
        if alpha[-1] == 0:
            raise ModelError(
                "The model predicts noise, but its last level is nothing else: no picture follows from that."
            )
        return 1 / alpha, -sigma / alpha
    if ladder.prediction == "v":
        return alpha, -sigma
    return np.ones_like(alpha), -sigma


# Solvers: each gives (P, Q, C, M) of x' = P * x + Q * x0 + C * noise + M * x0_last.

Coefficients = tuple[Array, Array, Array, Array]


def _ddim(path: Path, eta: float) -> Coefficients:
    """DDIM, arXiv 2010.02502, eq. 12 and 16; on a flow path with eta = 0 it is the Euler step.

    The fresh noise is eta times what is uncertain of x' when x and x0 are known, on any path.
    """
    alpha, sigma, alpha_to, sigma_to = path.alpha[1:], path.sigma[1:], path.alpha[:-1], path.sigma[:-1]
    c = eta * sigma_to / sigma * np.sqrt(np.maximum(sigma**2 - (alpha / alpha_to * sigma_to) ** 2, 0))
    p = np.sqrt(np.maximum(sigma_to**2 - c**2, 0)) / sigma
    return p, alpha_to - p * alpha, c, np.zeros_like(p)


def _renoise(path: Path, _eta: float) -> Coefficients:
    """Jump to x0 and add fresh noise for the next level: LCM (arXiv 2310.04378), DMD students, stochastic flow.

    The scalings that LCM adds to x0 belong to training timesteps; on a flow path there are none, and it is `renoise`.
    """
    alpha_to, sigma_to = path.alpha[:-1], path.sigma[:-1]
    return np.zeros_like(alpha_to), alpha_to, sigma_to, np.zeros_like(alpha_to)


def _dpmpp_2m(path: Path, _eta: float) -> Coefficients:
    """DPM-Solver++(2M), arXiv 2211.01095, algorithm 2; first order on the first and on the last step."""
    alpha_to, sigma, sigma_to = path.alpha[:-1], path.sigma[1:], path.sigma[:-1]
    p = sigma_to / sigma
    with np.errstate(divide="ignore"):
        lam = np.log(path.alpha) - np.log(path.sigma)
    h = lam[:-1] - lam[1:]
    q = -alpha_to * np.expm1(-h)
    ratio = np.zeros_like(h)
    # Row i comes after row i + 1; the noisiest row has none before it, and the cleanest one ends at h = infinity.
    ratio[1:-1] = h[1:-1] / h[2:] / 2 if len(h) > 2 else 0
    ratio[~np.isfinite(ratio)] = 0
    return p, q * (1 + ratio), np.zeros_like(p), -q * ratio


def _consistency_scalings(path: Path, sigma_data: float = 0.5, timestep_scaling: float = 10.0) -> tuple[Array, Array]:
    """The boundary scalings of LCM (arXiv 2310.04378, section 3): (c_skip, c_out)."""
    scaled = path.time[1:] * timestep_scaling
    return sigma_data**2 / (scaled**2 + sigma_data**2), scaled / np.sqrt(scaled**2 + sigma_data**2)


SOLVERS: dict[str, Callable[[Path, float], Coefficients]] = {
    "ddim": _ddim,
    "euler": _ddim,
    "lcm": _renoise,
    "renoise": _renoise,
    "dpmpp_2m": _dpmpp_2m,
}
