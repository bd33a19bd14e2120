"""A frame to show, with its time stamp."""

from dataclasses import dataclass

from fifo_live.link.frame import Frame
from fifo_live.link.ring import Picture

VIDEO_CLOCK_RATE = 90_000


@dataclass(frozen=True, eq=False)
class Shot:
    """A picture and its time in units of 1/VIDEO_CLOCK_RATE s."""

    picture: Picture
    pts: int
    frame: Frame
    is_repeat: bool = False
