"""Starts the worker processes, one for each rank, and ends them whatever state they are in."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from fifo_live.config import Config
from fifo_live.link.pdeathsig import TETHER

ENVIRONMENT = "FIFO_LIVE_WORKER"
WORKER_MODULE = "fifo_live.worker.main"
_NICENESS = 5
_LAST_CHANCE_S = 1.0


@dataclass(frozen=True)
class Task:
    """What a worker has to know; it travels in the environment. `meeting` is the file in which the ranks meet."""

    config: Config
    address: str
    token: str
    meeting: str = ""

    def environment(self, rank: int) -> dict[str, str]:
        """Return the environment of a rank: ours, its number, and the task."""
        task = {"config": self.config.to_dict(), "address": self.address, "token": self.token, "meeting": self.meeting}
        ranks = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": self.config.engine.ranks}
        loopback = {name: loopback_interface() for name in ("GLOO_SOCKET_IFNAME", "NCCL_SOCKET_IFNAME")}
        names = {name: str(number) for name, number in ranks.items()}
        return {**os.environ, **names, **loopback, ENVIRONMENT: json.dumps(task)}

    @classmethod
    def read(cls) -> "Task":
        """Return the task of this process."""
        task = json.loads(os.environ[ENVIRONMENT])
        return cls(Config.from_dict(task["config"]), task["address"], task["token"], task["meeting"])


def worker_command(module: str) -> list[str]:
    """Return the command line that runs `module` as a worker."""
    return [sys.executable, "-P", str(TETHER), module]


def loopback_interface() -> str:
    """Return the name of the interface that no other machine reaches."""
    addresses = psutil.net_if_addrs().items()
    local = (name for name, known in addresses if any(a.family == socket.AF_INET and _is_local(a) for a in known))
    return next(local, "lo")


@contextmanager
def meeting_place(ranks: int) -> Iterator[str]:
    """Make a file name in which several ranks find each other, in a folder that is closed to everybody else."""
    if ranks == 1:
        yield ""
        return
    folder = tempfile.mkdtemp(prefix="fifo-live-")
    try:
        yield str(Path(folder, "ranks"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class WorkerProcess:
    """The process that was started, with all it has started in turn."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, command: Sequence[str], environment: Mapping[str, str]) -> "WorkerProcess":
        """Start a worker in a process group of its own, so that a Ctrl-C in the terminal reaches the server alone.

        Raises: OSError if it cannot be started.
        """
        own_group: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            own_group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        stdin = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdin=stdin, **own_group)
        _let_others_go_first(process.pid)
        return cls(process)

    @property
    def pid(self) -> int:
        """The number of the process that was started."""
        return self._process.pid

    async def wait(self) -> str:
        """Wait for the end and return how it came, for people."""
        code = await self._process.wait()
        if code >= 0:
            return f"exit code {code}"
        try:
            return f"signal {signal.Signals(-code).name}"
        except ValueError:
            return f"signal {-code}"

    def rss_bytes(self) -> int:
        """Return the memory that the worker and its children hold; 0 once they are gone."""
        return sum(map(_rss_bytes, self._family()))

    async def end(self, grace_s: float) -> str:
        """Wait a while for the process to end by itself, then make it, and return how the end came."""
        family = self._family()
        try:
            async with asyncio.timeout(grace_s):
                return await self.wait()
        except TimeoutError:
            return await self._kill(family)
        finally:
            for process in family:
                _signal(process, kill=True)

    async def _kill(self, family: list[psutil.Process]) -> str:
        for process in family:
            _signal(process, kill=False)
        try:
            async with asyncio.timeout(_LAST_CHANCE_S):
                return await self.wait()
        except TimeoutError:
            for process in family:
                _signal(process, kill=True)
            return await self.wait()

    def _family(self) -> list[psutil.Process]:
        try:
            parent = psutil.Process(self.pid)
            return [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []


def _is_local(address: Any) -> bool:
    return str(address.address).startswith("127.")


def _let_others_go_first(pid: int) -> None:
    """Lower a process's priority: on a CPU the engine takes all there is, and the server needs little, but at once."""
    priority = getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", _NICENESS)  # The class exists on Windows only.
    with suppress(psutil.Error):
        psutil.Process(pid).nice(priority)


def _signal(process: psutil.Process, *, kill: bool) -> None:
    try:
        process.kill() if kill else process.terminate()
    except psutil.NoSuchProcess:
        pass


def _rss_bytes(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
