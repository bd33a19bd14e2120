"""Writes a video file frame by frame."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from fifo_live.commands.target import Target
from fifo_live.errors import ConfigError

CONSTANT_RATE_FACTOR = 18
"""x264's quality; 18 is taken for visually lossless."""

THREADS = 4
"""What x264 writes depends on their number, so it is not that of the machine's cores."""

REPRODUCIBLE = "cpu-independent=1"
"""Without it x264 plans its bits in ways that depend on the CPU, and not even there give the same file every time."""

SAME_EVERYWHERE = Interpolation.BILINEAR | Interpolation.ACCURATE_RND | Interpolation.BITEXACT
"""How colours are converted. Quicker ways give other results where a picture lies otherwise in memory."""

PROBE_SIZE = 64


class VideoWriter:
    """An H.264 file; its ending says which container it gets. It is there when `finish` was called, and only then.

    The same pictures give the same file, byte for byte.
    """

    def __init__(self, path: Path, width: int, height: int, fps: float) -> None:
        if width % 2 or height % 2:
            raise ConfigError(f"Pictures of {width}x{height} cannot be written: H.264 takes even sizes only.")
        self.target = Target(path)
        with self._explained():
            self._container = av.open(str(self.target.part), "w", options={"fflags": "bitexact"})
            self._stream = self._container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001))
        self._stream.width, self._stream.height = width, height
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = {"crf": str(CONSTANT_RATE_FACTOR), "x264-params": REPRODUCIBLE}
        self._stream.thread_count = THREADS
        self.num_frames = 0

    def write(self, picture: NDArray[np.uint8]) -> None:
        """Append a picture, uint8 (height, width, 3).

        Raises: ConfigError if the file cannot be written.
        """
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")
        frame = frame.reformat(format="yuv420p", interpolation=SAME_EVERYWHERE, threads=1)
        with self._explained():
            self._container.mux(self._stream.encode(frame))
        self.num_frames += 1

    def finish(self) -> None:
        """Write what is still to be written, and put the file in its place.

        Raises: ConfigError if that cannot be done.
        """
        self.flush()
        with self._explained():
            self.target.commit()

    def flush(self) -> None:
        """Write what is still to be written.

        Raises: ConfigError if that cannot be done.
        """
        with self._explained():
            self._container.mux(self._stream.encode(None))
            self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self.target:
            try:
                self._container.close()
            except (av.FFmpegError, OSError):
                pass  # of a file that is thrown away

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (av.FFmpegError, OSError, ValueError) as error:
            self.target.part.unlink(missing_ok=True)
            reason = getattr(error, "strerror", "") or str(error)
            raise ConfigError(f"{self.target.name} cannot be written: {reason}.") from error


def check_out(path: Path) -> None:
    """Make sure that a film can be written to a file, by writing a tiny one beside it; nothing is left of that.

    Raises: ConfigError if it cannot.
    """
    Target(path).check()
    movie = VideoWriter(path, PROBE_SIZE, PROBE_SIZE, 24.0)
    with movie:
        movie.write(np.zeros((PROBE_SIZE, PROBE_SIZE, 3), np.uint8))
        movie.flush()
