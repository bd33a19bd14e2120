"""The cues of the stream as people see them: waiting, on air, or past."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from fifo_live.link.frame import Frame
from fifo_live.link.messages import WeightedPrompt

MAX_CUES = 100

Status = Literal["waiting", "on_air", "past"]


@dataclass
class CueEntry:
    """A cue, what was announced for it, and what came of it. Times are of the event loop's clock."""

    cue: int
    prompts: list[WeightedPrompt]
    start: int = 0
    transition: int = 0
    enters_frame: int = 0
    visible_frame: int = 0
    understood: list[str] | None = None
    due_s: float | None = None
    on_air_frame: int | None = None


@dataclass
class CueLog:
    """Cues in order of their numbers; the oldest are forgotten."""

    _cues: dict[int, CueEntry] = field(default_factory=dict)
    on_air: int | None = None

    def __iter__(self) -> Iterator[CueEntry]:
        return iter(self._cues.values())

    def add(self, entry: CueEntry) -> None:
        """Note a cue; one of the same number is replaced."""
        self._cues[entry.cue] = entry
        while len(self._cues) > MAX_CUES:
            del self._cues[next(iter(self._cues))]

    def show(self, frame: Frame) -> list[CueEntry]:
        """Return the cues that this frame is the first to show."""
        seen = [entry for entry in self if entry.on_air_frame is None and _is_seen(entry, frame)]
        for entry in seen:
            entry.on_air_frame = frame.index
            self.on_air = entry.cue
        return seen

    def status(self, entry: CueEntry) -> Status:
        """Return "waiting", "on_air" or "past"."""
        if entry.on_air_frame is None:
            return "waiting"
        return "on_air" if entry.cue == self.on_air else "past"


def _is_seen(entry: CueEntry, frame: Frame) -> bool:
    return frame.index >= entry.visible_frame or frame.cue == entry.cue
