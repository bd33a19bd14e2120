"""Blocks of shared memory, reserved in full at creation and freed with their creator."""

import os
from multiprocessing import resource_tracker, shared_memory
from pathlib import Path

from fifo_live.errors import SetupError
from fifo_live.link.signals import held_back

FOLDER = Path("/dev/shm")
"""Where Linux keeps them; elsewhere nobody knows how much there is."""


def reserve(size: int) -> shared_memory.SharedMemory:
    """Return a block all of which can be written.

    A block is first only a promise: to write where the memory is not would end a process by SIGBUS.

    Raises: SetupError if there is not so much.
    """
    free = free_bytes()
    if free is not None and free < size:
        raise SetupError(_too_little(size, f"{FOLDER} has {_sized(free)} free"))
    _start_tracker()
    try:
        memory = shared_memory.SharedMemory(create=True, size=size)
    except OSError as error:
        raise SetupError(_too_little(size, f"the system provides none ({error})")) from error
    try:
        _fill(memory.name, size)
    except OSError as error:
        memory.close()
        memory.unlink()
        reason = f"{FOLDER} has {_sized(free or 0)} free ({error.strerror})"
        raise SetupError(_too_little(size, reason)) from error
    return memory


def free_bytes() -> int | None:
    """Return how much shared memory there is to be had, or None where that cannot be known."""
    if not hasattr(os, "statvfs") or not FOLDER.is_dir():
        return None
    status = os.statvfs(FOLDER)
    return status.f_bavail * status.f_frsize


def _start_tracker() -> None:
    """Start the process that frees the block if this one cannot.

    It must outlive this one, and not look for Python's own modules in the working folder.
    """
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        with held_back():
            resource_tracker.ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before


def _fill(name: str, size: int) -> None:
    path = FOLDER / name.lstrip("/")
    if not hasattr(os, "posix_fallocate") or not path.exists():
        return
    file = os.open(path, os.O_RDWR)
    try:
        os.posix_fallocate(file, 0, size)
    finally:
        os.close(file)


def _too_little(size: int, what_is_there: str) -> str:
    return (
        f"The frames need {_sized(size)} of shared memory, but {what_is_there}. Give the machine more (a container "
        "with 'docker run --shm-size=1g'), or lower stream.buffer_frames or the size of the picture."
    )


def _sized(size: int) -> str:
    return f"{size:,} bytes ({size / 2**20:.1f} MiB)"
