"""Noise levels of training windows cover what the engine will ask for."""

from __future__ import annotations

import torch

from fifo_live.training.levels import draw_times


def test_times_are_in_range_and_reproducible() -> None:
    """Times lie in 0..1 and depend on the generator alone."""
    first = draw_times(64, 10, torch.Generator().manual_seed(2))
    assert first.shape == (64, 10)
    assert 0 <= float(first.min()) and float(first.max()) <= 1
    assert torch.equal(first, draw_times(64, 10, torch.Generator().manual_seed(2)))


def test_diagonals_with_and_without_context_are_common() -> None:
    """The queue of eight behind two clean frames, and windows inside a longer ladder, are among the draws."""
    times = draw_times(4000, 10, torch.Generator().manual_seed(0))
    queue = torch.cat((torch.zeros(2), torch.arange(1, 9) / 8))
    assert ((times - queue).abs().amax(1) < 0.06).sum() > 20
    step = times[:, 1:] - times[:, :-1]
    inside = (times[:, 0] > 0.1) & (times[:, -1] < 0.9) & ((step - 1 / 48).abs().amax(1) < 0.02)
    assert inside.sum() > 5


def test_short_windows_hold_the_head_of_a_new_shot() -> None:
    """Behind a cut the last frame is pure noise and each one before has taken a step more; none is clean."""
    times = draw_times(400, 3, torch.Generator().manual_seed(1))
    growing = times[(times[:, 2] == 1) & (times[:, 0] > 0)]
    assert len(growing) > 100
    assert (growing[:, :-1] <= growing[:, 1:]).all()


def test_a_window_of_one_frame_is_never_context_alone() -> None:
    """Even the shortest window has a frame to denoise."""
    times = draw_times(400, 1, torch.Generator().manual_seed(1))
    assert (times > 0).all()
