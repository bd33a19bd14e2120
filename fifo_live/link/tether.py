"""Runs a module as a process that ends when its parent does: `python -m fifo_live.link.tether MODULE [ARGUMENT...]`.

A worker notices by itself when the server is gone, because its line ends. This is for the worker that is stuck, and
for the launcher of several ranks, which has no line. Linux only; elsewhere it just runs the module.
"""

import ctypes
import runpy
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Ask the kernel to send SIGTERM to this process when its parent ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    end_with_parent()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
