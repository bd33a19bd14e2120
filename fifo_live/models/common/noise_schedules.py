"""Noise ladders: from the numbers in a paper, or from a published scheduler_config.json."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import diffusers
import torch

from fifo_live.errors import ModelError
from fifo_live.models.contract import NoiseSchedule, Prediction

PREDICTIONS: Mapping[str, Prediction] = {"epsilon": "eps", "v_prediction": "v"}


def ddpm_ladder(prediction: Prediction, beta_start: float, beta_end: float, *, scaled: bool = True) -> NoiseSchedule:
    """Return the ladder of 1000 training timesteps whose betas (or, scaled, their square roots) grow evenly.

    DDPM, arXiv 2006.11239; the scaled form is latent diffusion's, arXiv 2112.10752.
    """
    power = 0.5 if scaled else 1.0
    betas = torch.linspace(beta_start**power, beta_end**power, 1000, dtype=torch.float64) ** (1 / power)
    return NoiseSchedule(prediction, tuple((1 - betas).cumprod(0).tolist()))


def to_zero_snr(ladder: NoiseSchedule, *, shift: float) -> NoiseSchedule:
    """Return a ladder whose last timestep is pure noise (arXiv 2305.08891, algorithm 1).

    Before that its signal-to-noise ratio is divided by `shift` (CogVideoX, arXiv 2408.06072).
    """
    abar = torch.tensor(ladder.alphas_cumprod, dtype=torch.float64)
    alpha = (abar / (abar + shift * (1 - abar))).sqrt()
    alpha = (alpha - alpha[-1]) * alpha[0] / (alpha[0] - alpha[-1])
    return replace(ladder, alphas_cumprod=tuple(alpha.square().tolist()))


def ladder_of(config: Mapping[str, Any]) -> NoiseSchedule:
    """Return the ladder that a DDPM-like scheduler_config.json describes; solver and number of steps are ours.

    Raises: ModelError for a prediction that no solver here takes.
    """
    kind = str(config.get("prediction_type", "epsilon"))
    if kind not in PREDICTIONS:
        known = " or ".join(PREDICTIONS)
        raise ModelError(f"The scheduler's prediction_type is {kind!r}; fifo-live can run {known}.")
    scheduler: Any = diffusers.DDIMScheduler
    alphas_cumprod = scheduler.from_config(dict(config)).alphas_cumprod
    return NoiseSchedule(PREDICTIONS[kind], tuple(alphas_cumprod.double().tolist()))


def linear_quadratic_times(num_steps: int, first_half: float = 0.025) -> tuple[float, ...]:
    """Return the times of flow that begin evenly and end on a parabola: Movie Gen, arXiv 2410.13720, figure 10.

    The first half of the steps takes away `first_half` of the noise. With 8 steps they are the times that the distilled
    LTX-Video models were trained for.
    """
    places = [2 * step / num_steps - 1 for step in range(num_steps)]
    bends = [(1 - 2 * first_half) * max(place, 0) ** 2 for place in places]
    return tuple(1 - first_half * (1 + place) - bend for place, bend in zip(places, bends, strict=True))
