"""Facts about `fifo-live serve` as a program: what it prints, and how it ends."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from fifo_live.bench.server_process import ServerProcess
from tests.trees import ROOT

ENVIRONMENT = {"PYTHONPATH": str(ROOT)}
PAINTED = ["--model", "tests.painted:load"]


@pytest.mark.timeout(120)
def test_it_prints_its_address_and_ends_cleanly(tmp_path: Path) -> None:
    """The address is printed at once and with the first frame; Ctrl-C leaves no process behind and no traceback."""
    with ServerProcess(PAINTED, tmp_path / "server.log", ENVIRONMENT) as server:
        server.wait_until("/readyz", 60)
        children = psutil.Process(server.process.pid).children(recursive=True)
        assert children
        assert server.stop() == 0
    assert server.output.count(server.url) >= 2
    assert "Traceback" not in server.output
    psutil.wait_procs(children, timeout=10)
    assert [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []


@pytest.mark.timeout(120)
def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    """A second server on the same port ends with one sentence, and the first one goes on."""
    with ServerProcess(PAINTED, tmp_path / "server.log", ENVIRONMENT) as server:
        server.wait_until("/healthz", 60)
        command = [sys.executable, "-m", "fifo_live", "serve", "--port", str(server.port)]
        second = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)
        assert second.returncode == 2
        assert second.stderr.splitlines()[-1].startswith(f"fifo-live: 127.0.0.1:{server.port} cannot be had")
        server.wait_until("/readyz", 60)


@pytest.mark.timeout(120)
def test_a_model_that_is_not_there_is_said(tmp_path: Path) -> None:
    """The server says which models there are, and stays to tell it to whoever opens the page."""
    with ServerProcess(["--model", "no_such_model"], tmp_path / "server.log") as server:
        server.wait_until("/healthz", 60)
        state = server.wait_for_text("/api/state", "There is no model called 'no_such_model'", 60)
    assert '"failed"' in state
