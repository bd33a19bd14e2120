"""A bar code that survives video codecs: which frame this is and which cue it was born under."""

import numpy as np

from fifo_live.link.ring import Picture

BLOCK = 16
COLUMNS = 8
ROWS = 6
FRAME_BITS = 32
CUE_BITS = 8


def draw(picture: Picture, frame: int, cue: int) -> None:
    """Draw frame, cue and a check byte into the top left corner, 8 blocks wide and 6 high."""
    value = frame << CUE_BITS | (cue & 0xFF)
    content = value.to_bytes(5, "big")
    bits = np.unpackbits(np.frombuffer(content + bytes([_check(content)]), np.uint8)).reshape(ROWS, COLUMNS)
    code = np.kron(bits * 200 + 25, np.ones((BLOCK, BLOCK), np.uint8)).astype(np.uint8)
    picture[: ROWS * BLOCK, : COLUMNS * BLOCK] = code[:, :, None]


def read(picture: Picture) -> tuple[int, int] | None:
    """Return (frame, cue) of a picture, or None if it shows no readable bar code."""
    code = picture[: ROWS * BLOCK, : COLUMNS * BLOCK].mean(axis=2)
    means = code.reshape(ROWS, BLOCK, COLUMNS, BLOCK)[:, 4:12, :, 4:12].mean(axis=(1, 3))
    *content, check = np.packbits(means > 125).tobytes()
    if check != _check(bytes(content)):
        return None
    value = int.from_bytes(bytes(content), "big")
    return value >> CUE_BITS, value & 0xFF


def _check(content: bytes) -> int:
    return (sum(content) * 7 + 0x5A) & 0xFF
