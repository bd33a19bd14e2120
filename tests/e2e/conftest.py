"""The servers that the end-to-end tests talk to: real ones, in processes of their own."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser

from fifo_live.bench.server_process import ServerProcess
from tests import chromium
from tests.trees import ROOT

START_TIMEOUT_S = 60.0


@pytest.fixture(scope="module")
def painted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with the model that paints what can be read back."""
    log = tmp_path_factory.mktemp("painted") / "server.log"
    with ServerProcess(["--model", "tests.painted:load"], log, {"PYTHONPATH": str(ROOT)}) as server:
        server.wait_until("/readyz", START_TIMEOUT_S)
        yield server


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[ServerProcess]:
    """A server as `make run` starts it."""
    arguments = ["--model", request.config.getoption("--model")]
    log = tmp_path_factory.mktemp("stream") / "server.log"
    with ServerProcess(arguments, log, {"PYTHONPATH": str(ROOT)}) as server:
        server.wait_until("/readyz", START_TIMEOUT_S)
        yield server


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Headless Chromium, with what it takes to reach loopback over WebRTC."""
    async with chromium.launched("--autoplay-policy=no-user-gesture-required") as launched:
        yield launched
