"""Facts about `fifo-live serve` as a program: what it prints, and how it ends."""

import os
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
        assert second.stderr.splitlines()[-1].startswith(f"fifo-live: Cannot listen on 127.0.0.1:{server.port}")
        server.wait_until("/readyz", 60)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--model", "bundeld"], "fifo-live: There is no model called 'bundeld', and no folder of that name. Did you"),
        (["--model", "/no/such/folder"], "fifo-live: There is no model called '/no/such/folder'"),
        (["--model", "wan:no-such-folder"], "fifo-live: There is no folder or file 'no-such-folder'"),
        (["--model", "tests.painted:nothing"], "fifo-live: The model 'tests.painted:nothing' names code that is not"),
        (["--decoder", "huge"], "fifo-live: model.decoder is 'huge'"),
        (["--decoder", "tiny"], "fifo-live: bundled does not take the option decoder"),
        (["--model", "wan", "--lora", "none.safetensors"], "fifo-live: There is no LoRA file 'none.safetensors'."),
        (["--init", "none.png"], "fifo-live: There is no file 'none.png' to begin with"),
    ],
)
def test_what_cannot_run_is_said_at_once(arguments: list[str], sentence: str) -> None:
    """What can be known before a worker starts ends the server with one sentence and exit code 2, and opens no port."""
    command = [sys.executable, "-m", "fifo_live", "serve", "--port", "0", *arguments]
    result = subprocess.run(
        command, env={**os.environ, **ENVIRONMENT}, capture_output=True, text=True, timeout=30, check=False
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(sentence) and result.stderr.count("\n") == 1


@pytest.mark.timeout(120)
def test_what_only_the_model_knows_is_said_on_the_page(tmp_path: Path) -> None:
    """A failure that is found while loading stays to be told to whoever opens the page."""
    arguments = ["--model", "tests.toy:load", "--decoder", "tiny"]
    with ServerProcess(arguments, tmp_path / "server.log", ENVIRONMENT) as server:
        server.wait_until("/healthz", 60)
        state = server.wait_for_text("/api/state", "tests.toy:load does not take the option decoder", 60)
    assert '"failed"' in state
