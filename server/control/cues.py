"""The cues of the stream as people see them: waiting, on air, or past."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from pydantic_core import to_json

from fifo_live.link.frame import Frame
from fifo_live.protocol.cues import WeightedPrompt

MAX_CUES = 100
MAX_BYTES = 1 << 18
"""So much may all cues take as JSON, so that no state comes near the MiB that WebSocket clients take by default."""

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

    @cached_property
    def num_bytes(self) -> int:
        """How much the texts take as JSON."""
        texts = [*(prompt.text for prompt in self.prompts), *(self.understood or [])]
        return sum(len(to_json(text)) for text in texts)


@dataclass
class CueLog:
    """Cues in order of their numbers; the oldest are forgotten, but never the newest nor the one on air."""

    _cues: dict[int, CueEntry] = field(default_factory=dict)
    on_air: int | None = None

    def __len__(self) -> int:
        return len(self._cues)

    def __iter__(self) -> Iterator[CueEntry]:
        return iter(self._cues.values())

    def add(self, entry: CueEntry) -> None:
        """Note a cue. One of the same number is replaced: a cut brings its cue forward, unless it is on air already."""
        known = self._cues.get(entry.cue)
        if known is not None:
            entry.on_air_frame = known.on_air_frame
        self._cues[entry.cue] = entry
        while self._are_too_many():
            del self._cues[next(cue for cue in self._cues if cue != self.on_air)]

    def _are_too_many(self) -> bool:
        num_bytes = sum(entry.num_bytes for entry in self._cues.values())
        return len(self._cues) > MAX_CUES or (len(self._cues) > 2 and num_bytes > MAX_BYTES)

    def show(self, frame: Frame) -> CueEntry | None:
        """Note what is shown; returns the cue that this frame is the first to show, if it is.

        Newer cues win over older ones, so a cue that has been overtaken before it was seen is past.
        """
        if frame.cue == self.on_air:
            return None
        self.on_air = frame.cue
        entry = self._cues.get(frame.cue)
        if entry is not None:
            entry.on_air_frame = frame.index
        return entry

    def status(self, entry: CueEntry) -> Status:
        """Return "waiting", "on_air" or "past"."""
        if entry.cue == self.on_air:
            return "on_air"
        return "waiting" if self.on_air is None or entry.cue > self.on_air else "past"
