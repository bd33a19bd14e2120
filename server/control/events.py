"""Events of the stream service itself, beside those of the worker."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FirstFrame:
    """The first picture of the engine is there."""

    frame: int
