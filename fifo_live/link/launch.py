"""Starts the worker processes, and ends them whatever state they are in."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import psutil

from fifo_live.config import Config

ENVIRONMENT = "FIFO_LIVE_WORKER"
WORKER_MODULE = "fifo_live.engine.worker"
_NICENESS = 5
_TETHER_MODULE = "fifo_live.link.tether"


def worker_command(module: str, ranks: int) -> list[str]:
    """Return the command line that runs `module` as so many ranks."""
    python = [sys.executable, "-m"]
    tether = [_TETHER_MODULE] if sys.platform == "linux" else []
    if ranks == 1:
        return [*python, *tether, module]
    launcher = ["torch.distributed.run", "--standalone", f"--nproc-per-node={ranks}", "--max-restarts=0", "-m"]
    return [*python, *tether, *launcher, *tether, module]


def worker_environment(config: Config, address: str, token: str) -> dict[str, str]:
    """Return the environment of a worker: ours, and where the server waits for it with which knobs."""
    task = {"config": config.to_dict(), "address": address, "token": token}
    return {**os.environ, ENVIRONMENT: json.dumps(task)}


class WorkerProcess:
    """The process that was started, with all it has started in turn."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, command: list[str], environment: Mapping[str, str]) -> "WorkerProcess":
        """Start a worker in a process group of its own, so that a Ctrl-C in the terminal reaches the server alone.

        Raises: OSError if it can not be started.
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
            async with asyncio.timeout(1.0):
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
