"""Facts about the server that benchmarks and tests start: it never outlives them, and its own reason is told."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

import psutil
import pytest

from fifo_live.bench.server_process import DIRECT, ServerProcess
from fifo_live.errors import SetupError
from tests.trees import ROOT

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
BENCH = [sys.executable, "-m", "fifo_live", "bench", "live"]
PATIENCE_S = 60.0


def wait_for_viewer(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Return all processes that a benchmark has started, once its viewer watches."""
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s and process.poll() is None:
        time.sleep(0.05)  # another process: there is no event to wait for
        with suppress(OSError, HTTPException, psutil.Error, StopIteration):
            children = psutil.Process(process.pid).children(recursive=True)
            words = next(child.cmdline() for child in children if "--port" in child.cmdline())
            url = f"http://127.0.0.1:{words[words.index('--port') + 1]}/api/stats"
            with DIRECT.open(url, timeout=5) as answer:
                if json.load(answer)["viewers"]:
                    return children
    raise AssertionError("no viewer came")


@pytest.mark.skipif(sys.platform != "linux", reason="the tether is there on Linux only")
@pytest.mark.timeout(120)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_a_benchmark_that_is_ended_leaves_nothing_running(number: signal.Signals) -> None:
    """Whatever ends it, server and worker end too; what can be caught gives the shell's usual exit code."""
    process = subprocess.Popen([*BENCH, "--model", "tests.painted:load"], env=ENVIRONMENT)
    try:
        children = wait_for_viewer(process)
        process.send_signal(number)
        code = process.wait(PATIENCE_S)
    finally:
        process.kill()
    assert code == (-number if number == signal.SIGKILL else 128 + number)
    _, alive = psutil.wait_procs(children, timeout=30)
    assert alive == []


@pytest.mark.timeout(120)
def test_an_engine_that_cannot_run_ends_a_benchmark_at_once() -> None:
    """Its reason is the benchmark's, with exit code 2, long before the patience for a first frame is over."""
    command = [*BENCH, "--model", "tests.toy:load", "--set", "engine.solver='nonsense'"]
    result = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert result.returncode == 2
    assert result.stderr.startswith("fifo-live: engine.solver is 'nonsense'"), result.stderr


def test_a_server_that_ends_with_a_sentence_is_quoted(tmp_path: Path) -> None:
    """What `serve` says to people is what is raised, without its log."""
    with pytest.raises(SetupError, match="^There is no model called 'nonsense'"):
        with ServerProcess(["--model", "nonsense"], tmp_path / "server.log", ENVIRONMENT) as server:
            server.wait_until("/healthz", PATIENCE_S)


@pytest.mark.timeout(120)
def test_a_server_nearby_is_asked_without_a_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies in the environment are for the world outside."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with ServerProcess(["--model", "tests.painted:load"], tmp_path / "server.log", ENVIRONMENT) as server:
        server.wait_until("/healthz", PATIENCE_S)
