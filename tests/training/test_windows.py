"""Training windows: which moments of a clip they hold, and what of them is to be learnt."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from fifo_live.training import windows
from fifo_live.training.windows import LatentDataset

FRAMES, FAR = 10, 2
# Every latent is the number of its moment, plus 100 times the number of its clip.
MOMENTS = torch.arange(FRAMES + FAR).half()[None] + 100 * torch.arange(3).half()[:, None]
DATASET = LatentDataset(MOMENTS[:, :, None, None, None], torch.rand(3, 2, 4), torch.zeros(3), scale=1.0)


@pytest.fixture(params=[1, 2, 4, 9, 10])
def num_frames(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def _no_crossfades(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "CROSSFADES", 0.0)


@pytest.mark.usefixtures("_no_crossfades")
def test_what_is_learnt_moves_on_by_one_frame(num_frames: int) -> None:
    """Of any two neighbours of a window, the second is to be learnt only where it is the moment after the first."""
    generator = torch.Generator().manual_seed(0)
    wrong = 0
    for _ in range(300):
        latent, _, sink, trained_F = DATASET.window(num_frames, generator)
        moment_F = latent.flatten()
        assert torch.equal((moment_F[1:] - moment_F[:-1])[trained_F[1:]], torch.ones(int(trained_F[1:].sum())))
        assert set((moment_F % 100).tolist()) <= set(range(FRAMES))
        assert moment_F[0] // 100 == sink.flatten() // 100
        wrong += int(not trained_F.all())
    assert (wrong > 60) == (num_frames >= 4)


@pytest.mark.usefixtures("_no_crossfades")
def test_the_end_of_every_window_is_learnt() -> None:
    """However long the wrong pace lasts, at least one frame behind it moves as its conditioning says."""
    generator = torch.Generator().manual_seed(1)
    assert all(DATASET.window(10, generator)[3][-1] for _ in range(200))


def test_sinks_are_mostly_far_moments() -> None:
    """Most sinks are frames that no window holds."""
    generator = torch.Generator().manual_seed(2)
    sinks = torch.stack([DATASET.window(10, generator)[2].flatten() % 100 for _ in range(300)])
    assert 0.7 < float((sinks >= FRAMES).float().mean()) < 0.9


def test_some_windows_are_told_nothing() -> None:
    """A given share of the windows has conditionings of zeros, and the others theirs."""
    generator = torch.Generator().manual_seed(3)
    half_told = replace(DATASET, unconditional=0.5)
    told = [bool(half_told.window(9, generator)[1].any()) for _ in range(300)]
    assert 0.4 < sum(told) / len(told) < 0.6
    assert all(replace(DATASET, unconditional=0.0).window(9, generator)[1].any() for _ in range(100))
