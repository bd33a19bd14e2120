"""Tests of starting and ending worker processes."""

import asyncio
import json
import os
import sys
from pathlib import Path

import psutil
import pytest

from fifo_live.config import Config
from fifo_live.link.launch import ENVIRONMENT, WorkerProcess, worker_command, worker_environment

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
child = subprocess.Popen([sys.executable, "-m", "fifo_live.link.tether", "tests.link.sleeper"], stdout=subprocess.PIPE)
print(child.pid, child.stdout.readline().decode(), flush=True)
os.kill(os.getpid(), 9)
"""


def test_one_rank_is_the_module_itself() -> None:
    """More ranks go through torch's own launcher, without restarts of its own."""
    assert worker_command("some.module", 1)[-1] == "some.module"
    assert "torch.distributed.run" not in worker_command("some.module", 1)
    command = worker_command("some.module", 3)
    assert {"torch.distributed.run", "--nproc-per-node=3", "--max-restarts=0", "--standalone"} <= set(command)
    assert command[-1] == "some.module"


def test_the_environment_holds_the_task() -> None:
    """The worker finds all knobs, the address and the token in it."""
    config = Config().with_values(model={"seed": 5})
    task = json.loads(worker_environment(config, "127.0.0.1:9", "secret")[ENVIRONMENT])
    assert Config.from_dict(task["config"]) == config
    assert (task["address"], task["token"]) == ("127.0.0.1:9", "secret")


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
