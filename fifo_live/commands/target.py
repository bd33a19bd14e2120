"""The output file: written under a temporary name, and renamed when it is complete."""

import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from fifo_live.errors import ConfigError

ENDINGS = (".mp4", ".mkv", ".mov", ".m4v", ".avi", ".flv", ".ts", ".h264")
"""Of containers that are one file and hold H.264."""


class Target:
    """A context manager that leaves the whole file, or nothing: what was there before stays until `commit`."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._path = Path(os.path.realpath(path))
        # An absolute name, so that a colon in it is no protocol; short, so that the folder takes it.
        self.part = self._path.with_name(f".fifo-live-{os.getpid()}{self._path.suffix}")

    @property
    def is_new(self) -> bool:
        """Whether there is no such file yet."""
        return not self._path.exists()

    def check(self) -> None:
        """Make sure that the name is one that a film may have.

        Raises: ConfigError if it is not.
        """
        try:
            self._check()
        except OSError as error:
            raise ConfigError(f"{self.name!r} cannot be written: {error.strerror}.") from error

    def _check(self) -> None:
        if not self._path.name or self._path.is_dir():
            raise ConfigError(f"{self.name!r} is a folder; --out names a file, such as out.mp4.")
        if not self._path.parent.is_dir():
            raise ConfigError(f"There is no folder {str(self._path.parent)!r} to write {self._path.name} into.")
        if self._path.suffix.lower() not in ENDINGS:
            ending = self._path.suffix or "a name without an ending"
            raise ConfigError(
                f"{self.name} cannot be written: {ending} cannot hold H.264; choose one of {', '.join(ENDINGS)}."
            )
        if not self.is_new and not (self._path.is_file() and os.access(self._path, os.W_OK)):
            raise ConfigError(f"{self.name} cannot be written: it is not a regular file.")

    def commit(self) -> None:
        """Put the part in the file's place, with the rights of the one that it replaces."""
        if not self.is_new:
            shutil.copymode(self._path, self.part)
        self.part.replace(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.part.unlink(missing_ok=True)
