"""What the studio tells, beside what it passes on from the worker."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FirstFrame:
    """The first picture of the engine is there."""

    frame: int
