"""Ring of frames in shared memory: the worker writes, the server reads, a message announces each frame.

The ring itself has no flow control: the writer may only fill a slot for which it holds a credit (`messages.Credit`),
so a slot is never overwritten before it has been read.
"""

import sys
import threading
from collections.abc import Iterator, Sized
from contextlib import contextmanager
from multiprocessing import resource_tracker, shared_memory

import numpy as np
from numpy.typing import NDArray

from fifo_live.link.shared_memory import reserve

Picture = NDArray[np.uint8]


_register_lock = threading.Lock()


def _open(name: str) -> shared_memory.SharedMemory:
    if sys.version_info >= (3, 13):
        return shared_memory.SharedMemory(name=name, track=False)
    with _untracked(name):
        return shared_memory.SharedMemory(name=name)


@contextmanager
def _untracked(name: str) -> Iterator[None]:
    """Keep one name from Python's resource tracker, which before 3.13 takes every block it sees for its own.

    It would unlink the block when the process that has only opened it ends. Unregistering afterwards is no cure:
    a process that shares the maker's tracker, or is the maker, would take away the maker's own entry.
    """
    with _register_lock:
        register, untracked = resource_tracker.register, name.lstrip("/")

        def register_others(name: Sized, rtype: str) -> None:
            if str(name).lstrip("/") != untracked:
                register(name, rtype)

        resource_tracker.register = register_others
        try:
            yield
        finally:
            resource_tracker.register = register


class FrameRing:
    """A fixed number of RGB pictures, uint8 (height, width, 3), in one block of shared memory."""

    def __init__(self, memory: shared_memory.SharedMemory, slots: int, height: int, width: int) -> None:
        self._memory = memory
        self._pictures: Picture = np.ndarray((slots, height, width, 3), np.uint8, memory.buf)
        self.slots = slots

    @classmethod
    def create(cls, slots: int, height: int, width: int) -> "FrameRing":
        """Make a new ring; its maker is the one who must `unlink` it.

        Raises: SetupError if there is not so much shared memory.
        """
        return cls(reserve(slots * height * width * 3), slots, height, width)

    @classmethod
    def attach(cls, name: str, slots: int, height: int, width: int) -> "FrameRing":
        """Open the ring that another process has made.

        Raises: FileNotFoundError if there is none of that name.
        """
        return cls(_open(name), slots, height, width)

    @property
    def name(self) -> str:
        """What `attach` wants to know."""
        return self._memory.name

    def write(self, slot: int, picture: Picture) -> None:
        """Put a picture, uint8 (height, width, 3), into a slot."""
        self._pictures[slot] = picture

    def read(self, slot: int) -> Picture:
        """Return a copy of the picture in a slot."""
        picture: Picture = self._pictures[slot].copy()
        return picture

    def close(self) -> None:
        """Let go of the memory in this process."""
        self._pictures = np.empty((0, 0, 0, 3), np.uint8)
        self._memory.close()

    def unlink(self) -> None:
        """Remove the memory from the machine; whoever has it open keeps it until it lets go."""
        self._memory.unlink()
