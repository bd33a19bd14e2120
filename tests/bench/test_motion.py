"""Facts about measured movement, on pictures that move as they were told to."""

import pytest
import torch
import torch.nn.functional as nnf
from torch import Tensor

from fifo_live.bench.motion import displacement

FRAMES, HEIGHT, WIDTH = 8, 320, 576


def pattern(blur: int = 15, points: bool = False) -> Tensor:
    """A wide grey picture (H, W) of soft spots, or of few bright points in the dark."""
    x_11HW = torch.rand(1, 1, HEIGHT, 2 * WIDTH, generator=torch.Generator().manual_seed(3))
    if points:
        x_11HW = 40.0 * (x_11HW > 0.9985)
        blur = 7
    for _ in range(2):
        x_11HW = nnf.avg_pool2d(x_11HW, blur, 1, blur // 2)
    x_11HW = x_11HW if points else 0.4 + 0.15 * (x_11HW - x_11HW.mean()) / x_11HW.std()
    return x_11HW[0, 0].clamp(0, 1)


def passing(pattern_HW: Tensor, pixels: float, shimmer: float = 0.0) -> Tensor:
    """Frames through which a pattern moves to the left: uint8 (F, H, W, 3)."""
    frames = []
    for number in range(FRAMES):
        place_W = torch.arange(WIDTH) + number * pixels
        left_W = place_W.long()
        picture_HW = torch.lerp(pattern_HW[:, left_W], pattern_HW[:, left_W + 1], place_W - left_W)
        grain_HW = torch.randn(picture_HW.shape, generator=torch.Generator().manual_seed(number))
        frames.append((picture_HW + shimmer * grain_HW)[..., None].expand(-1, -1, 3))
    return (torch.stack(frames).clamp(0, 1) * 255).round().byte()


@pytest.mark.parametrize("pixels", [1.0, 2.0, 6.0, 12.0])
@pytest.mark.parametrize("points", [False, True])
def test_movement_is_as_far_as_the_picture_moves(pixels: float, points: bool) -> None:
    """A picture that moves by some pixels a frame is said to, whether it is full of spots or of a few points."""
    assert WIDTH * displacement(passing(pattern(points=points), pixels)) == pytest.approx(pixels, rel=0.2)


def test_what_stands_still_does_not_move() -> None:
    """A still picture has no movement, and one that only shimmers hardly any."""
    assert displacement(passing(pattern(), 0.0)) == 0
    assert WIDTH * displacement(passing(pattern(), 0.0, shimmer=0.02)) < 0.1


def test_a_change_of_light_is_no_movement() -> None:
    """A picture that brightens where it stands does not move."""
    light_F111 = torch.linspace(0.7, 1, FRAMES)[:, None, None, None]
    assert WIDTH * displacement((passing(pattern(), 0.0) * light_F111).byte()) < 0.1


def test_softness_does_not_slow_down() -> None:
    """The same movement in a soft picture of little contrast measures the same."""
    sharp, soft = (displacement(passing(0.3 + 0.3 * pattern(blur), 3.0)) for blur in (9, 31))
    assert soft == pytest.approx(sharp, rel=0.05)


def test_movement_is_in_parts_of_the_width() -> None:
    """The same frames at half the size move as far."""
    frames = passing(pattern(), 4.0)
    half = nnf.avg_pool2d(frames.permute(0, 3, 1, 2).float(), 2).permute(0, 2, 3, 1).byte()
    assert displacement(half) == pytest.approx(displacement(frames), rel=0.05)
