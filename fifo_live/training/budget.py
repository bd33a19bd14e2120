"""A budget of training minutes that survives restarts, and the learning rate that follows it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field


@dataclass
class Budget:
    """Seconds spent on a stage, over all its runs."""

    minutes: float
    spent_s: float = 0.0
    _mark_s: float = field(default_factory=time.monotonic)

    def begin(self) -> None:
        """Count from now on: what went before was preparation."""
        self._mark_s = time.monotonic()

    def tick(self) -> float:
        """Count the time since the last call; return the part of the budget that is spent, 0..1."""
        now_s = time.monotonic()
        self.spent_s += now_s - self._mark_s
        self._mark_s = now_s
        return min(1.0, self.spent_s / (60 * self.minutes))


def cosine_rate(step: int, done: float, peak: float, *, hold: float = 0.0, floor: float = 0.02) -> float:
    """Learning rate: 100 steps of warming up, the peak until `hold` of the budget, then a cosine to floor * peak."""
    warm = min(1.0, (step + 1) / 100)
    fall = max(0.0, (done - hold) / (1 - hold))
    return peak * warm * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * fall)))
