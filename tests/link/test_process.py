"""Tests of starting and ending worker processes."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from fifo_live.config import Config
from fifo_live.link.pdeathsig import TETHER
from fifo_live.link.process import Task, WorkerProcess, loopback_interface, meeting_place, worker_command

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
with open(sys.argv[1], "w") as note:
    note.write(str(child.pid))
time.sleep(600)
"""

PARENT = """
import os, subprocess, sys
from fifo_live.link.process import worker_command
child = subprocess.Popen(worker_command("tests.link.sleeper"), stdout=subprocess.PIPE)
print(child.pid, child.stdout.readline().decode(), flush=True)
os.kill(os.getpid(), 9)
"""


def test_the_environment_holds_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker finds all knobs, the address, the token and where the ranks meet in it, and which rank it is."""
    task = Task(Config().with_values(model={"seed": 5}, engine={"ranks": 3}), "127.0.0.1:9", "secret", "/meeting")
    environment = task.environment(2)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Task.read() == task
    assert [environment[name] for name in ("RANK", "LOCAL_RANK", "WORLD_SIZE")] == ["2", "2", "3"]


def test_ranks_speak_over_loopback() -> None:
    """Whatever the environment says, ranks look for each other where no other machine is."""
    environment = Task(Config(), "", "").environment(0)
    assert environment["GLOO_SOCKET_IFNAME"] == environment["NCCL_SOCKET_IFNAME"] == loopback_interface()
    addresses = [known.address for known in psutil.net_if_addrs()[loopback_interface()]]
    assert "127.0.0.1" in addresses


def test_the_meeting_place_is_private() -> None:
    """Only this user gets into the folder in which ranks meet, and nothing is left of it; one rank needs none."""
    with meeting_place(2) as meeting:
        folder = Path(meeting).parent
        assert folder.stat().st_mode & 0o777 == 0o700
        Path(meeting).touch()
    assert not folder.exists()
    with meeting_place(1) as nowhere:
        assert nowhere == ""


SHADOWED = ("queue", "random", "select", "token", "torch", "pydantic", "server", "fifo_live")


def test_a_worker_is_not_led_astray_by_the_working_folder(tmp_path: Path) -> None:
    """Files that are called like modules of the standard library, of torch or of ours replace none in a worker."""
    for name in SHADOWED:
        (tmp_path / f"{name}.py").write_text("raise SystemExit('led astray')")
    (tmp_path / "FIRST.txt").touch()
    command = worker_command("tests.link.importer")
    done = subprocess.run([*command, *SHADOWED], cwd=tmp_path, capture_output=True, text=True, timeout=50)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == list(SHADOWED)


def test_a_worker_runs_the_code_of_its_server(tmp_path: Path) -> None:
    """Also where `fifo_live` is not installed, or another copy of it is."""
    command = [*worker_command("tests.link.importer"), "fifo_live.__file__"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=50)
    assert Path(done.stdout.strip()) == TETHER.parents[1] / "__init__.py"


async def test_a_process_that_ends_says_how() -> None:
    """The exit code is in the words, and ending it again is no error."""
    process = await WorkerProcess.start([sys.executable, "-c", "raise SystemExit(7)"], dict(os.environ))
    assert await process.wait() == "exit code 7"
    assert await process.end(0.0) == "exit code 7"
    assert process.rss_bytes() == 0


async def test_a_worker_lets_the_server_go_first() -> None:
    """Its priority is lower than ours."""
    process = await WorkerProcess.start([sys.executable, "-c", "import time; time.sleep(600)"], dict(os.environ))
    lower = psutil.Process(process.pid).nice()
    assert lower != psutil.Process().nice() or lower == 19
    await process.end(0.0)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals to ignore")
async def test_a_stubborn_process_is_killed_with_its_children(tmp_path: Path) -> None:
    """Neither a deaf ear to SIGTERM nor a session of its own saves a process."""
    note = tmp_path / "pid"
    os.mkfifo(note)
    process = await WorkerProcess.start([sys.executable, "-c", STUBBORN, str(note)], dict(os.environ))
    child = psutil.Process(int(await asyncio.to_thread(note.read_text)))
    assert process.rss_bytes() > 1e6
    assert await process.end(0.0) == "signal SIGKILL"
    await asyncio.to_thread(child.wait, 30)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's end")
async def test_a_tethered_process_ends_with_its_parent() -> None:
    """Also when the parent is killed and the child does not look."""
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    child = psutil.Process(int((await parent.stdout.readline()).split()[0]))
    await parent.wait()
    await asyncio.to_thread(child.wait, 30)
