"""Small frames and shots for tests."""

import numpy as np

from fifo_live.link.frame import Frame
from fifo_live.link.ring import Picture
from server.media.frame import Shot


def make_picture(value: int = 0, width: int = 64, height: int = 48) -> Picture:
    return np.full((height, width, 3), value, np.uint8)


def make_frame(index: int, cue: int = 0) -> Frame:
    return Frame(index, index, cue, make_picture(index % 256))


def make_shot(index: int, pts: int = 0, width: int = 64, height: int = 48) -> Shot:
    return Shot(make_picture(index % 256, width, height), pts, make_frame(index))
