"""Tests of the frames in shared memory."""

import subprocess
import sys
from multiprocessing import resource_tracker

import numpy as np
import pytest

from fifo_live.link.ring import FrameRing

OTHER_PROCESS = """
import sys
import numpy as np
from fifo_live.link.ring import FrameRing
ring = FrameRing.attach(sys.argv[1], 2, 4, 6)
ring.write(1, np.full((4, 6, 3), 7, np.uint8))
ring.close()
"""

SAME_PROCESS = """
from fifo_live.link.ring import FrameRing
ring = FrameRing.create(2, 4, 6)
other = FrameRing.attach(ring.name, 2, 4, 6)
other.close()
ring.close()
ring.unlink()
"""

CRASH = """
import os
from fifo_live.link.ring import FrameRing
print(FrameRing.create(2, 4, 6).name, flush=True)
os._exit(1)
"""


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60)


def test_a_picture_written_is_the_picture_read() -> None:
    """What is written to a slot is read from that slot, as a copy."""
    ring = FrameRing.create(2, 4, 6)
    picture = np.arange(72, dtype=np.uint8).reshape(4, 6, 3)
    ring.write(1, picture)
    copy = ring.read(1)
    ring.write(1, picture * 0)
    assert (copy == picture).all()
    ring.close()
    ring.unlink()


def test_another_process_writes() -> None:
    """A process that opens the ring writes into it, and its end neither complains nor removes the ring."""
    ring = FrameRing.create(2, 4, 6)
    done = run(OTHER_PROCESS, ring.name)
    assert (done.returncode, done.stderr) == (0, "")
    assert (ring.read(1) == 7).all()
    assert run(OTHER_PROCESS, ring.name).returncode == 0
    ring.close()
    ring.unlink()


def test_maker_may_attach_too() -> None:
    """Opening a ring in the process that has made it leaves the resource tracker content."""
    done = run(SAME_PROCESS)
    assert (done.returncode, done.stderr) == (0, "")


def test_attach_leaves_the_tracker_as_it_was() -> None:
    """The resource tracker's register function is in place again after an attach, also a failed one."""
    before = resource_tracker.register
    with pytest.raises(FileNotFoundError):
        FrameRing.attach("no_such_ring", 2, 4, 6)
    assert resource_tracker.register is before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows frees the memory with its last handle")
def test_a_crash_of_the_maker_removes_the_ring() -> None:
    """A ring does not outlive a maker that died without a word."""
    done = run(CRASH)
    with pytest.raises(FileNotFoundError):
        FrameRing.attach(done.stdout.strip(), 2, 4, 6).close()
