"""Shared memory that is there when it is promised, and gone when its maker is."""

import os
import signal
import subprocess
import sys
from multiprocessing import shared_memory
from pathlib import Path

import pytest

from fifo_live.errors import SetupError
from fifo_live.link import shared_memory as shared
from fifo_live.link.ring import FrameRing
from fifo_live.link.shared_memory import free_bytes, reserve
from fifo_live.link.signals import ending_signals

MAKER = """
import os, signal, sys
from fifo_live.link.shared_memory import reserve
for number in map(int, sys.argv[1:]):
    signal.signal(number, signal.SIG_IGN)
print(reserve(1 << 20).name, flush=True)
for number in map(int, sys.argv[1:]):
    os.killpg(0, number)
os.kill(os.getpid(), signal.SIGKILL)
"""


FOLDER = shared.FOLDER


def names() -> set[str]:
    """Return what lies in the folder of shared memory."""
    return set(os.listdir(FOLDER)) if FOLDER.is_dir() else set()


def fixed_name(monkeypatch: pytest.MonkeyPatch) -> str:
    """Let the next block have a name that is known, since others make blocks on this machine too."""
    name = f"fifo_live_test_{os.getpid()}"
    monkeypatch.setattr(shared_memory, "_make_filename", lambda: f"/{name}")
    return name


@pytest.mark.skipif(not shared.FOLDER.is_dir(), reason="only Linux shows what is there")
def test_a_block_takes_its_memory_at_once() -> None:
    """What was promised is taken, so that no write can find it gone."""
    memory = reserve(8 << 20)
    assert (shared.FOLDER / memory.name).stat().st_blocks * 512 >= 8 << 20
    memory.close()
    memory.unlink()


@pytest.mark.skipif(free_bytes() is None, reason="only Linux says how much there is")
@pytest.mark.parametrize("pictures", [1, 10**6])
def test_too_much_is_a_sentence(pictures: int) -> None:
    """It says what is wanted and what is there, and what to do; nothing is left behind."""
    free = free_bytes()
    assert free is not None
    wanted = pictures * (free + (64 << 20))
    with pytest.raises(SetupError) as caught:
        FrameRing.create(wanted // 3 + 1, 1, 1)
    sentence = str(caught.value)
    assert f"need {(wanted // 3 + 1) * 3:,} bytes" in sentence and "/dev/shm has " in sentence
    assert "--shm-size" in sentence and "stream.buffer_frames" in sentence


@pytest.mark.skipif(not shared.FOLDER.is_dir(), reason="only Linux shows what is there")
def test_memory_that_is_gone_when_it_is_taken_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else may take it between the question and the answer; nothing is left behind then either."""

    def refuse(file: int, offset: int, length: int) -> None:
        raise OSError(28, "No space left on device")

    name = fixed_name(monkeypatch)
    monkeypatch.setattr(os, "posix_fallocate", refuse)
    with pytest.raises(SetupError, match="No space left on device"):
        reserve(4096)
    assert name not in names()


def test_without_a_folder_the_system_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody knows how much there is, a block is made, or the system says why not."""
    monkeypatch.setattr(shared, "FOLDER", Path("/no/such/folder"))
    memory = reserve(4096)
    memory.close()
    memory.unlink()
    name = fixed_name(monkeypatch)
    with pytest.raises(SetupError, match="the system provides none"):
        reserve(1 << 62)
    assert name not in names()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows frees the memory with its last handle")
def test_no_signal_makes_a_block_outlive_its_maker() -> None:
    """Not even one to the whole group of processes, as when a terminal is closed, and a SIGKILL after it."""
    numbers = [str(int(number)) for number in ending_signals()]
    command = [sys.executable, "-c", MAKER, *numbers]
    done = subprocess.run(command, capture_output=True, text=True, timeout=50, start_new_session=True)
    assert done.returncode == -signal.SIGKILL
    assert done.stdout.strip() and done.stdout.strip() not in names()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows frees the memory with its last handle")
def test_the_working_folder_does_not_lead_the_tracker_astray(tmp_path: Path) -> None:
    """A file there that is called like a module of the standard library neither breaks it nor makes it complain."""
    program, folder = tmp_path / "program" / "maker.py", tmp_path / "folder"
    for path in (program.parent, folder):
        path.mkdir()
    program.write_text(MAKER)
    for name in ("select", "threading", "signal", "warnings", "queue"):
        (folder / f"{name}.py").write_text("raise SystemExit('led astray')")
    done = subprocess.run([sys.executable, program], cwd=folder, capture_output=True, text=True, timeout=50)
    assert (done.returncode, "astray" in done.stderr) == (-signal.SIGKILL, False)
    assert done.stdout.strip() and done.stdout.strip() not in names()
    assert "PYTHONSAFEPATH" not in os.environ
