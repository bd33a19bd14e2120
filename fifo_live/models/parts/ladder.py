"""Noise ladders: from the numbers in a paper, or from a published scheduler_config.json."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import diffusers
import torch

from fifo_live.errors import ModelError
from fifo_live.models.base import NoiseLadder, Prediction

PREDICTIONS: Mapping[str, Prediction] = {"epsilon": "eps", "v_prediction": "v"}


def ddpm_ladder(prediction: Prediction, beta_start: float, beta_end: float, *, scaled: bool = True) -> NoiseLadder:
    """Return the ladder of 1000 training timesteps whose betas (or, scaled, their square roots) grow evenly.

    DDPM, arXiv 2006.11239; the scaled form is latent diffusion's, arXiv 2112.10752.
    """
    power = 0.5 if scaled else 1.0
    betas = torch.linspace(beta_start**power, beta_end**power, 1000, dtype=torch.float64) ** (1 / power)
    return NoiseLadder(prediction, tuple((1 - betas).cumprod(0).tolist()))


def to_zero_snr(ladder: NoiseLadder, *, shift: float) -> NoiseLadder:
    """Return a ladder whose last timestep is pure noise (arXiv 2305.08891, algorithm 1).

    Before that its signal-to-noise ratio is divided by `shift` (CogVideoX, arXiv 2408.06072).
    """
    abar = torch.tensor(ladder.alphas_cumprod, dtype=torch.float64)
    alpha = (abar / (abar + shift * (1 - abar))).sqrt()
    alpha = (alpha - alpha[-1]) * alpha[0] / (alpha[0] - alpha[-1])
    return replace(ladder, alphas_cumprod=tuple(alpha.square().tolist()))


def ladder_of(config: Mapping[str, Any]) -> NoiseLadder:
    """Return the ladder that a DDPM-like scheduler_config.json describes; solver and number of steps are ours.

    Raises: ModelError for a prediction that no solver here takes.
    """
    kind = str(config.get("prediction_type", "epsilon"))
    if kind not in PREDICTIONS:
        known = " or ".join(PREDICTIONS)
        raise ModelError(f"The scheduler's prediction_type is {kind!r}; fifo-live can run {known}.")
    scheduler: Any = diffusers.DDIMScheduler
    alphas_cumprod = scheduler.from_config(dict(config)).alphas_cumprod
    return NoiseLadder(PREDICTIONS[kind], tuple(alphas_cumprod.double().tolist()))
