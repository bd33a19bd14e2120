"""Facts about noise ladders: they are those of diffusers' own schedulers."""

from typing import Any

import diffusers
import pytest
import torch

from fifo_live.models.common.noise_schedules import ddpm_ladder, linear_quadratic_times, to_zero_snr


@pytest.mark.parametrize("shift", [1.0, 3.0])
def test_a_ladder_to_zero_snr_is_that_of_cogvideox(shift: float) -> None:
    """The ladder agrees with CogVideoXDDIMScheduler's, whose last timestep holds no picture any more."""
    scheduler: Any = diffusers.CogVideoXDDIMScheduler(snr_shift_scale=shift, rescale_betas_zero_snr=True)
    ours = torch.tensor(to_zero_snr(ddpm_ladder("v", 0.00085, 0.012), shift=shift).alphas_cumprod)
    torch.testing.assert_close(ours.double(), scheduler.alphas_cumprod.double(), rtol=0, atol=1e-6)
    assert ours[-1] == 0


def test_linear_quadratic_times_are_those_of_distilled_ltx_video() -> None:
    """With 8 steps they are the times in Lightricks' configuration of the distilled models."""
    published = [1.0, 0.9937, 0.9875, 0.9812, 0.975, 0.9094, 0.725, 0.4219]
    assert linear_quadratic_times(8) == pytest.approx(published, abs=1e-4)
