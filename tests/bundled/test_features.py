"""Facts about the features that the classifier reads."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from fifo_live.bundled.features import CELLS, ENTRIES, HEIGHT, LAGS, WIDTH, extract_features, mirrored

FLOW = 33  # the first of the entries of flow: across, down and change for each lag


def dots(move_x: float, move_y: float, frames: int = 12) -> Tensor:
    """Soft stripes both ways that move so many pixels a frame: (1, F, 3, H, W)."""
    time = torch.arange(frames)[:, None, None]
    x, y = torch.arange(WIDTH)[None, None, :] - move_x * time, torch.arange(HEIGHT)[None, :, None] - move_y * time
    grey = 0.5 + 0.2 * torch.sin(0.3 * x) + 0.2 * torch.sin(0.3 * y)
    return grey[None, :, None].expand(-1, -1, 3, -1, -1)


def test_a_second_of_pictures_becomes_a_grid() -> None:
    """Every cell has its entries, all of them finite, even of black pictures."""
    described = extract_features(torch.stack((dots(1, 0)[0], torch.zeros(12, 3, HEIGHT, WIDTH))))
    assert described.shape == (2, ENTRIES, *CELLS)
    assert bool(described.isfinite().all())


@pytest.mark.parametrize(("x", "y"), [(0.3, 0.0), (-0.3, 0.0), (0.0, 0.4), (0.2, -0.1)])
def test_flow_is_the_motion_in_pixels(x: float, y: float) -> None:
    """Across is positive to the right, down is positive downwards, in steps of two pixels at the finest scale.

    Either stripes have half of the gradient, so they count half.
    """
    flow = extract_features(dots(x, y))[0].mean((1, 2))[FLOW : FLOW + 2]
    turned = torch.tensor((x, y)).sign()
    assert torch.equal(torch.where(flow.abs() < 0.01, 0, flow.sign()), turned)
    assert float(flow.abs().sum()) == pytest.approx((abs(x) + abs(y)) / 4, rel=0.15)


def test_change_grows_with_pace_and_lag() -> None:
    """Faster pictures change more, and more over three frames than over one."""
    slow, fast = (
        extract_features(dots(pace, 0))[0].mean((1, 2))[FLOW + 2 : FLOW + 3 * len(LAGS) : 3] for pace in (0.1, 0.4)
    )
    assert bool((fast > slow).all())
    assert slow[1] > slow[0]


def test_mirrored_descriptions_are_those_of_mirrored_pictures() -> None:
    """Mirroring before and after describing is the same."""
    pictures = torch.rand(2, 10, 3, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(
        mirrored(extract_features(pictures)), extract_features(pictures.flip(-1)), atol=1e-4, rtol=1e-4
    )
