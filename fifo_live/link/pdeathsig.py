"""Runs a module as a process that ends when its parent does: `python -P .../pdeathsig.py MODULE [ARGUMENT...]`.

A worker notices by itself when the server is gone, because its line ends. This is for the worker that is stuck. Linux
only; elsewhere it just runs the module.

It is run as a file and with -P, so that Python does not look into the working folder first: there a file of the user's
may have the name of a module of the standard library. The worker's own code is that of the server, wherever it lies.
"""

import ctypes
import runpy
import signal
import sys
from pathlib import Path

TETHER = Path(__file__).absolute()
_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Ask the kernel to send SIGTERM to this process when its parent ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def use_own_code() -> None:
    """Let `fifo_live` be the package that this file is in, and let what lies beside it be found last."""
    root = str(TETHER.parents[2])
    sys.path.insert(0, root)
    __import__("fifo_live")
    del sys.path[0]
    if root not in sys.path:
        sys.path.append(root)


if __name__ == "__main__":
    end_with_parent()
    use_own_code()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
