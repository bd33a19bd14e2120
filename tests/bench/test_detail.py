"""Facts about measured detail and texture."""

import pytest
import torch
import torch.nn.functional as nnf
from torch import Tensor

from fifo_live.bench.detail import detail, texture
from fifo_live.bench.frechet import frechet_distance
from fifo_live.bundled.weights import load_encoder


def checks(square: int, low: int = 0, high: int = 255) -> Tensor:
    """Two frames of a chessboard, uint8 (F, H, W, 3)."""
    down, across = torch.meshgrid(torch.arange(64), torch.arange(96), indexing="ij")
    board_HW = ((down // square + across // square) % 2) * (high - low) + low
    return board_HW.to(torch.uint8)[None, :, :, None].expand(2, -1, -1, 3)


def test_a_chessboard_of_pixels_is_all_detail() -> None:
    """Squares of one pixel leave even grey in a quarter-size copy, so all their contrast is lost."""
    assert detail(checks(1)) == pytest.approx(0.25, rel=0.05)


def test_half_the_contrast_is_a_quarter_of_the_square() -> None:
    """Detail is a mean square of what is lost."""
    assert detail(checks(1, 64, 192)) == pytest.approx(0.25 * (128 / 255) ** 2, rel=0.05)


def test_even_and_slowly_changing_pictures_have_no_detail() -> None:
    """What a quarter-size copy keeps does not count: evenness, a slope, large squares but for their edges."""
    slope_HW = torch.linspace(0, 255, 96).expand(64, -1)
    slope = slope_HW.to(torch.uint8)[None, :, :, None].expand(2, -1, -1, 3)
    assert detail(checks(1, 90, 90)) == pytest.approx(0, abs=1e-9)
    assert detail(slope) < 1e-4
    assert detail(checks(16)) < detail(checks(4)) < detail(checks(2))


def test_textures_of_blurred_pictures_are_far_away() -> None:
    """Blurred noise is farther from sharp noise than other sharp noise is, and stays near to other blurred noise."""
    generator = torch.Generator().manual_seed(4)
    encoder = load_encoder()

    def described(blur: int) -> Tensor:
        x_F3HW = torch.rand(48, 3, 64, 96, generator=generator)
        soft_F3HW = nnf.avg_pool2d(x_F3HW, blur, 1, blur // 2)
        return texture(encoder, (soft_F3HW * 255).byte().permute(0, 2, 3, 1).repeat_interleave(8, dim=0))

    sharp, also_sharp, soft, also_soft = (described(blur) for blur in (1, 1, 5, 5))
    assert len(sharp) == 48
    assert frechet_distance(sharp, soft) > 20 * frechet_distance(sharp, also_sharp)
    assert frechet_distance(soft, also_soft) < 0.1 * frechet_distance(sharp, soft)
