"""The limit on open files, and so on sockets, of this process."""

import sys
from typing import Any

import psutil

ENOUGH_FILES = 1 << 16


def num_open_files() -> int:
    """Return how many files this process has open, sockets among them."""
    process: Any = psutil.Process()
    number: int = process.num_handles() if sys.platform == "win32" else process.num_fds()
    return number


if sys.platform == "win32":

    def max_files() -> int:
        """Return how many files this process may have open."""
        return ENOUGH_FILES

    def raise_file_limit() -> None:
        """Allow this process as many files as the system permits it, up to ENOUGH_FILES."""

else:
    import resource

    def max_files() -> int:
        """Return how many files this process may have open."""
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return ENOUGH_FILES if soft == resource.RLIM_INFINITY else soft

    def raise_file_limit() -> None:
        """Allow this process as many files as the system permits it, up to ENOUGH_FILES."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = ENOUGH_FILES if hard == resource.RLIM_INFINITY else min(hard, ENOUGH_FILES)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
