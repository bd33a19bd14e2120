"""Facts about what a running server can be reached at: nothing but what the user asked for."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from fifo_live.bench.server_process import HOST, ServerProcess
from tests.trees import ROOT

START_TIMEOUT_S = 100


def open_sockets(pid: int) -> Iterator[tuple[str, str]]:
    """Yield (process, host) of everything that a process and its children can be reached at over IP."""
    server = psutil.Process(pid)
    for process in [server, *server.children(recursive=True)]:
        for connection in process.net_connections("inet"):
            if connection.status == psutil.CONN_LISTEN or not connection.raddr:
                yield " ".join(process.cmdline()[-2:]), connection.laddr.ip


@pytest.mark.timeout(150)
@pytest.mark.parametrize("ranks", [1, 3])
def test_nobody_listens_beyond_what_was_asked_for(ranks: int, tmp_path: Path) -> None:
    """With one rank and with three, every socket of every process is on loopback, where the server was put."""
    arguments = ["--model", "tests.toy:load", "--ranks", str(ranks), "--set", "engine.threads=1"]
    with ServerProcess(arguments, tmp_path / "server.log", {"PYTHONPATH": str(ROOT)}) as server:
        server.wait_until("/readyz", START_TIMEOUT_S)
        processes = psutil.Process(server.process.pid).children(recursive=True)
        assert sum("fifo_live.worker.main" in process.cmdline() for process in processes) == ranks
        found = set(open_sockets(server.process.pid))
        assert {host for _, host in found} == {HOST}, found
