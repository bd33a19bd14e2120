"""Noise levels for training windows: mostly diagonals as the queue will show them, and a rest of everything else.

Windows shorter than a queue are what the engine makes of a queue on both sides of a cut.

Times are 0 (clean) to 1 (noise). Shapes: B windows, F frames.
"""

from __future__ import annotations

import torch
from torch import Tensor

# Queue lengths and how often each is drawn. Windows of the long ones are cut anywhere along the diagonal.
LADDERS = (8, 6, 4, 10, 12, 16, 24, 48)
LADDER_SHARES = (0.86, 0.03, 0.02, 0.01, 0.03, 0.03, 0.01, 0.01)
BENT = 0.15  # share of ladders that are bent
TWO_CLEAN = 0.8  # a sink and one frame of context are what the engine keeps unless it is told otherwise
FULL_WINDOW = 9  # frames; in a shorter window a shot begins or ends
MAX_CLEAN = 4


def draw_times(batch: int, num_frames: int, generator: torch.Generator) -> Tensor:
    """Return (B, F) times: mostly diagonals and, of windows shorter than FULL_WINDOW, the growing heads of shots."""
    makers = (_diagonal, _equal, _independent, _growing)
    shares = (0.17, 0.04, 0.04, 0.75) if num_frames < FULL_WINDOW else (0.92, 0.04, 0.04, 0.0)
    kinds = torch.multinomial(torch.tensor(shares), batch, replacement=True, generator=generator).tolist()
    return torch.stack([makers[kind](num_frames, generator) for kind in kinds])


def _number(low: int, high: int, generator: torch.Generator) -> int:
    """A whole number from low to high, both included."""
    return low + int(torch.randint(high - low + 1, (1,), generator=generator))


def _ladder(generator: torch.Generator) -> int:
    return LADDERS[int(torch.multinomial(torch.tensor(LADDER_SHARES), 1, generator=generator))]


def _bent(time_F: Tensor, generator: torch.Generator) -> Tensor:
    """Bend the ladder, in some cases, as the `shift` of a flow ladder does."""
    if torch.rand(1, generator=generator) >= BENT:
        return time_F
    shift = torch.exp(0.5 * torch.randn(1, generator=generator)).clamp(0.4, 2.5)
    return (shift * time_F / (1 + (shift - 1) * time_F)).clamp(max=1)


def _diagonal(num_frames: int, generator: torch.Generator) -> Tensor:
    """A window on the queue: clean frames (sink and context), then one level more with every frame."""
    levels = _ladder(generator)
    most = min(MAX_CLEAN, num_frames - 1)
    clean_frames = min(2, most) if torch.rand(1, generator=generator) < TWO_CLEAN else _number(0, most, generator)
    last_start = max(levels - (num_frames - clean_frames), 0)
    from_clean = last_start == 0 or torch.rand(1, generator=generator) < 0.5
    start = -clean_frames if from_clean else _number(1, last_start, generator)
    level_F = torch.arange(num_frames) + start + 1.0
    wobble = torch.rand(1, generator=generator) * 0.6 - 0.3 if torch.rand(1, generator=generator) < 0.5 else 0.0
    clean = level_F < 0.5
    time_F = _bent(((level_F + wobble) / levels).clamp(0, 1), generator)
    return torch.where(clean, 0.0, time_F)


def _growing(num_frames: int, generator: torch.Generator) -> Tensor:
    """A shot behind a cut: its last frame has just been born, each one before has taken a step more."""
    levels = max(_ladder(generator), num_frames)
    level_F = levels - num_frames + 1.0 + torch.arange(num_frames)
    return _bent(level_F / levels, generator)


def _equal(num_frames: int, generator: torch.Generator) -> Tensor:
    return torch.rand(1, generator=generator).expand(num_frames)


def _independent(num_frames: int, generator: torch.Generator) -> Tensor:
    return torch.rand(num_frames, generator=generator)
