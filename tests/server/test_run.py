"""Tests of the server as a process."""

import asyncio
import re
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil
import pytest

from fifo_live.config import Config
from fifo_live.errors import SetupError
from server.run import listen, with_token

if sys.platform != "win32":
    import fcntl
    import termios

SCRIPT = """
import sys
if sys.argv[2:]:
    import signal
    signal.signal(int(sys.argv[2]), signal.SIG_IGN)
from fifo_live.config import Config
from server.run import run
run(Config().with_values(server={"host": sys.argv[1], "port": 0}), module="tests.fake_worker")
"""
PATIENCE_S = 40.0


def adopt(terminal: int) -> None:
    """Make a terminal that of this process's session."""
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)


@asynccontextmanager
async def running_server(
    host: str = "127.0.0.1", *, start_new_session: bool = False, ignoring: int = 0, terminal: int = 0
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a server that prints into pipes, or is the one program of a terminal."""
    pipe = terminal or asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SCRIPT, host, *([str(int(ignoring))] if ignoring else [])),
        stdout=pipe,
        stderr=pipe,
        start_new_session=start_new_session or bool(terminal),
        preexec_fn=(lambda: adopt(terminal)) if terminal else None,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def line_with(process: asyncio.subprocess.Process, text: str) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        while True:
            line = (await process.stdout.readline()).decode()
            assert line, "the server has ended"
            if text in line:
                return line


@pytest.mark.skipif(sys.platform == "win32", reason="signals are different there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_in_order(number: signal.Signals) -> None:
    """It says where it is and when the picture is there; told to end, it does so soon, and its worker with it."""
    async with running_server() as process:
        assert re.search(r"http://127\.0\.0\.1:\d+/$", await line_with(process, "listens"))
        await line_with(process, "first frame")
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
        begin_s = time.monotonic()
        process.send_signal(number)
        _, errors = await process.communicate()
        assert time.monotonic() - begin_s < 5.0
        assert (process.returncode, errors) == (0, b"")
        # The resource tracker of shared memory ends a moment after its process.
        _, alive = await asyncio.to_thread(psutil.wait_procs, children, 5)
        assert alive == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals are different there")
async def test_a_killed_server_leaves_no_worker_behind() -> None:
    """After kill -9 the worker ends by itself, and the shared memory is freed."""
    async with running_server() as process:
        await line_with(process, "first frame")
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        await process.wait()
        _, alive = await asyncio.to_thread(psutil.wait_procs, children, 30)
        assert alive == []


async def test_beyond_loopback_there_is_a_token() -> None:
    """One is made and printed, with the one for viewers."""
    async with running_server("0.0.0.0") as process:
        assert "#token=" in await line_with(process, "listens")
        words = (await line_with(process, "Token to steer")).split()
        assert len(words[3]) >= 16 and words[3] != words[-1]


async def test_the_addresses_for_page_viewer_and_obs_are_printed() -> None:
    """Each has a line of its own; Ctrl-C is told, and later that the model is loaded."""
    async with running_server("127.0.0.1") as process:
        base = (await line_with(process, "listens")).split()[-1]
        lines = [await line_with(process, word) for word in ("Page to steer:", "Viewer:", "OBS source:", "Ctrl-C")]
        assert [line.split()[-1] for line in lines[:3]] == [base, f"{base}watch", f"{base}obs/source"]
        assert "Loading the model" in lines[3]
        assert "fake, 256x160" in await line_with(process, "The model is loaded")


def test_a_token_is_made_only_where_it_is_needed() -> None:
    """On loopback there is none; a given one stays."""
    for host, token, has_token in (("127.0.0.1", "", False), ("::1", "", False), ("0.0.0.0", "", True)):
        config = with_token(Config().with_values(server={"host": host, "token": token}))
        assert bool(config.server.token) == has_token
    given = Config().with_values(server={"host": "0.0.0.0", "token": "mine"})
    assert with_token(given).server.token == "mine"


def test_a_port_in_use_is_a_sentence() -> None:
    """The error names the address and what to do."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SetupError, match=rf"127\.0\.0\.1:{port}: .*--port"):
            listen(Config().with_values(server={"port": port}))


def test_an_address_that_is_not_ours_is_a_sentence() -> None:
    """So is a host that this machine does not have."""
    with pytest.raises(SetupError, match=r"192\.0\.2\.1"):
        listen(Config().with_values(server={"host": "192.0.2.1"}))
