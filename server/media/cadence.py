"""Chooses an even output rate when the engine makes fewer frames than it should."""

import math
from collections import deque
from dataclasses import dataclass, replace

SPAN_S = 6.0
SPAN_FRAMES = 40
"""How far back the engine's rate is measured, whichever is longer: over several bursts, where many come at once."""
FIRST_SPAN_S = 1.5
REVIEW_S = 1.0
STALL_S = 1.0
STALL_GAPS = 4
"""A gap that is longer than both, the second in usual gaps, was a stall: it says nothing of the engine's rate."""
GAP_MEMORY = 0.8
FULL_SHARE = 0.98
"""An engine that makes nearly all is taken to make all: a repeat now and then shows less than a drift."""
LOWEST_FPS = 1.0
SPARE_FRAMES = 2
"""How many frames should wait when fewest do, so that the next one is there when it is due."""
STEP_PER_FRAME = 0.02
MAX_CORRECTION = 0.1
MAX_RISE = 0.5
SMALL = 0.01


@dataclass(frozen=True)
class _Sample:
    at_s: float
    num_received: int
    num_waiting: int


class Cadence:
    """Says how many pictures a second are shown, at most `nominal_fps`; all it knows comes in through `note`.

    While frames wait, the engine is not the limit, and the rate rises; when none is there in time, it falls to what was
    measured. Small differences change nothing, so that the rate does not flutter.
    """

    def __init__(self, nominal_fps: float, *, is_adaptive: bool) -> None:
        self.nominal_fps = nominal_fps
        self._is_adaptive = is_adaptive
        self._fps = nominal_fps
        self._samples: deque[_Sample] = deque()
        self._next_review_s = -math.inf
        self._last_new_s = -math.inf
        self._usual_gap_s = 1 / nominal_fps

    @property
    def fps(self) -> float:
        """Pictures per second, now."""
        return min(self._fps, self.nominal_fps) if self._is_adaptive else self.nominal_fps

    def start_over(self, nominal_fps: float) -> None:
        """Forget what was measured: another engine, or another rate."""
        self.nominal_fps = self._fps = nominal_fps
        self._usual_gap_s = 1 / nominal_fps
        self._samples.clear()

    def note(self, now_s: float, num_received: int, num_waiting: int, *, is_live: bool) -> None:
        """Note, before each picture, how many frames have come so far and how many of them wait."""
        if not is_live:
            self._samples.clear()
            return
        if self._samples and num_received > self._samples[-1].num_received:
            self._note_gap(now_s - self._last_new_s)
            self._last_new_s = now_s
        samples = self._samples
        if not samples:
            self._last_new_s, self._next_review_s = now_s, now_s + FIRST_SPAN_S
        samples.append(_Sample(now_s, num_received, num_waiting))
        while samples[0].at_s < now_s - max(SPAN_S, SPAN_FRAMES / self._fps):
            samples.popleft()
        if now_s >= self._next_review_s:
            self._next_review_s = now_s + REVIEW_S
            self._review(now_s)

    def _note_gap(self, gap_s: float) -> None:
        if gap_s > max(STALL_S, STALL_GAPS * self._usual_gap_s):
            # As if it had not been: what was before moves up to what comes now.
            excess_s = gap_s - self._usual_gap_s
            known = (sample for sample in self._samples if sample.at_s <= self._last_new_s)
            self._samples = deque(replace(sample, at_s=sample.at_s + excess_s) for sample in known)
        self._usual_gap_s = GAP_MEMORY * self._usual_gap_s + (1 - GAP_MEMORY) * gap_s

    def _review(self, now_s: float) -> None:
        if now_s - self._last_new_s > max(STALL_S / 2, STALL_GAPS / 2 * self._usual_gap_s):
            return  # A stall, perhaps.
        made_fps = _slope(self._samples)
        fewest = min(sample.num_waiting for sample in self._samples if sample.at_s >= now_s - SPAN_S / 2)
        correction = max(-MAX_CORRECTION, min(MAX_CORRECTION, STEP_PER_FRAME * (fewest - SPARE_FRAMES)))
        wanted = made_fps * (1 + correction)
        if fewest > SPARE_FRAMES and wanted < self._fps:
            return  # What waits carries this rate, and the measure is behind a rate that rises.
        if fewest > 0 and made_fps >= FULL_SHARE * self.nominal_fps:
            wanted = self.nominal_fps
        wanted = max(min(LOWEST_FPS, self.nominal_fps), min(wanted, self._fps * (1 + MAX_RISE), self.nominal_fps))
        if abs(wanted - self._fps) > SMALL * self._fps or wanted == self.nominal_fps:
            self._fps = wanted


def _slope(samples: deque[_Sample]) -> float:
    """Return the frames per second by least squares: bursts, and where the span begins, matter little to it."""
    mean_s = sum(sample.at_s for sample in samples) / len(samples)
    mean = sum(sample.num_received for sample in samples) / len(samples)
    above = sum((sample.at_s - mean_s) * (sample.num_received - mean) for sample in samples)
    below = sum((sample.at_s - mean_s) ** 2 for sample in samples)
    return above / below if below else 0.0
