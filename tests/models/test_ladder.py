"""Facts about noise ladders: they are those of diffusers' own schedulers."""

from typing import Any

import diffusers
import pytest
import torch

from fifo_live.models.parts.ladder import ddpm_ladder, to_zero_snr


@pytest.mark.parametrize("shift", [1.0, 3.0])
def test_a_ladder_to_zero_snr_is_that_of_cogvideox(shift: float) -> None:
    """The ladder agrees with CogVideoXDDIMScheduler's, whose last timestep holds no picture any more."""
    scheduler: Any = diffusers.CogVideoXDDIMScheduler(snr_shift_scale=shift, rescale_betas_zero_snr=True)
    ours = torch.tensor(to_zero_snr(ddpm_ladder("v", 0.00085, 0.012), shift=shift).alphas_cumprod)
    torch.testing.assert_close(ours.double(), scheduler.alphas_cumprod.double(), rtol=0, atol=1e-6)
    assert ours[-1] == 0
