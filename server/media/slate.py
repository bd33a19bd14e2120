"""The picture that is shown while there is no other: what is going on, and how far it is."""

import textwrap
from functools import lru_cache

import numpy as np

from fifo_live.link.ring import Picture
from server.media import font

_GROUND = np.array((16, 18, 22), np.uint8)
_INK = np.array((214, 218, 224), np.uint8)
_BAR = np.array((92, 148, 255), np.uint8)
_TROUGH = np.array((44, 48, 56), np.uint8)
_MAX_LINES = 4


@lru_cache(maxsize=4)
def draw_slate(width: int, height: int, text: str, percent: int | None = None) -> Picture:
    """Return a calm picture with a few words and, if `percent` is known, a bar."""
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = _GROUND
    scale = max(1, width // 240)
    line_height = (font.HEIGHT + 5) * scale
    lines = _lines(text, (width * 8 // 10) // ((font.WIDTH + 1) * scale))
    top = height // 2 - line_height * len(lines)
    for number, line in enumerate(lines):
        _write(picture, line, max(0, top + number * line_height), scale)
    if percent is not None:
        _draw_bar(picture, height // 2 + line_height // 2, percent, scale)
    return picture


def _lines(text: str, columns: int) -> list[str]:
    return textwrap.wrap(text, max(8, columns), max_lines=_MAX_LINES, placeholder="...")


def _write(picture: Picture, line: str, top: int, scale: int) -> None:
    height, width, _ = picture.shape
    mask = np.kron(font.text_mask(line), np.ones((scale, scale), np.bool_))[: height - top, :width]
    left = (width - mask.shape[1]) // 2
    picture[top : top + mask.shape[0], left : left + mask.shape[1]][mask] = _INK


def _draw_bar(picture: Picture, top: int, percent: int, scale: int) -> None:
    width = picture.shape[1]
    left, right = width // 4, width - width // 4
    picture[top : top + 4 * scale, left:right] = _TROUGH
    picture[top : top + 4 * scale, left : left + (right - left) * max(0, min(100, percent)) // 100] = _BAR
