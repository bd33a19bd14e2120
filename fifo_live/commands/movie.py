"""A video file that is written picture by picture."""

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from numpy.typing import NDArray

from fifo_live.errors import ConfigError

CONSTANT_RATE_FACTOR = 18
"""x264's quality; 18 is taken for visually lossless."""


class Movie:
    """An H.264 file; its ending says which container it gets."""

    def __init__(self, path: Path, width: int, height: int, fps: float) -> None:
        try:
            self._container = av.open(str(path), "w")
        except (ValueError, OSError) as error:
            raise ConfigError(f"{path} can not be written: {error}. An ending like .mp4 is needed.") from error
        self._stream = self._container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001))
        self._stream.width, self._stream.height = width, height
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = {"crf": str(CONSTANT_RATE_FACTOR)}
        self.num_frames = 0

    def write(self, picture: NDArray[np.uint8]) -> None:
        """Append a picture, uint8 (height, width, 3)."""
        self._container.mux(self._stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")))
        self.num_frames += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Finish the file; it can be played even if less was written than was asked for."""
        self._container.mux(self._stream.encode(None))
        self._container.close()
