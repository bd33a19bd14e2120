"""The server as a process that is told to end, or whose reader or terminal goes away."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest
from websockets.asyncio.client import connect

from tests.server.conftest import ControlClient
from tests.server.test_run import line_with, running_server

if sys.platform == "win32":
    pytest.skip("signals and terminals are different there", allow_module_level=True)

import pty

SIGNALS = [signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGXCPU]


def rings_of(pid: int) -> set[Path]:
    """Return the files of shared memory that a process has open."""
    if not Path("/dev/shm").is_dir():
        return set()
    return {Path(found.path) for found in psutil.Process(pid).memory_maps() if found.path.startswith("/dev/shm/")}


async def is_all_gone(processes: list[psutil.Process], rings: set[Path]) -> bool:
    """Wait for the end of processes; returns whether they, and the shared memory, are gone."""
    _, alive = await asyncio.to_thread(psutil.wait_procs, processes, 30)
    return not alive and not any(ring.exists() for ring in rings)


@pytest.mark.parametrize("number", SIGNALS)
async def test_any_signal_to_the_whole_group_ends_it_in_order(number: signal.Signals) -> None:
    """As a terminal sends it; no process and no shared memory is left, and nobody complains."""
    async with running_server(start_new_session=True) as process:
        await line_with(process, "first frame")
        children, rings = psutil.Process(process.pid).children(recursive=True), rings_of(process.pid)
        assert children and (rings or sys.platform != "linux")
        os.killpg(process.pid, number)
        _, errors = await process.communicate()
        assert (process.returncode, errors) == (0, b"")
        assert await is_all_gone(children, rings)


async def test_a_closed_terminal_ends_it_in_order() -> None:
    """The server is told by SIGHUP, cannot print any more, and leaves nothing behind."""
    ours, theirs = pty.openpty()
    async with running_server(terminal=theirs) as process:
        os.close(theirs)
        with open(ours, "rb", buffering=0) as terminal:
            await asyncio.to_thread(read_until, terminal.fileno(), b"first frame")
            children, rings = psutil.Process(process.pid).children(recursive=True), rings_of(process.pid)
        assert await process.wait() == 0
        assert await is_all_gone(children, rings)


def read_until(file: int, text: bytes) -> None:
    """Read until a text has come."""
    seen = b""
    while text not in seen:
        seen += os.read(file, 4096)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows what a process ignores")
@pytest.mark.parametrize("number", [0, signal.SIGHUP])
async def test_nohup_is_heeded(number: int) -> None:
    """Where SIGHUP is ignored from the start, the end of a terminal is not ours; elsewhere it is."""
    async with running_server(ignoring=number) as process:
        await line_with(process, "first frame")
        status = dict(line.split(":") for line in Path(f"/proc/{process.pid}/status").read_text().splitlines())
        assert bool(int(status["SigIgn"], 16) & 1 << signal.SIGHUP - 1) == bool(number)


async def test_readers_that_are_gone_end_nothing() -> None:
    """When nobody reads what is printed, the stream goes on, a worker that dies is followed by another, and the end
    is in order."""
    async with running_server() as process:
        address = (await line_with(process, "listens on")).split("http://")[1].split("/")[0]
        for number in (1, 2):
            transport = process._transport.get_pipe_transport(number)  # type: ignore[attr-defined]
            transport.close()
        async with connect(f"ws://{address}/ws") as socket:
            client = ControlClient(socket)
            await client.state_where(lambda state: state["engine"]["state"] == "running")
            family = psutil.Process(process.pid).children(recursive=True)
            (worker,) = [child for child in family if child.cmdline()[-1] == "tests.fake_worker"]
            worker.kill()
            await client.state_where(lambda state: state["engine"]["state"] == "restarting")
            await client.state_where(lambda state: state["engine"]["state"] == "running")
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
