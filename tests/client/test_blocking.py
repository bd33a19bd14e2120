"""Facts about the control client without asyncio."""

import asyncio
import threading

import pytest

from fifo_live.client import BlockingClient, RequestError
from fifo_live.errors import ConfigError, EngineUnavailableError
from tests.server.conftest import House, house, open_house

__all__ = ["house", "open_house"]

PATIENCE_S = 30.0


def clients_threads() -> list[str]:
    """Return the threads of clients that run."""
    return [thread.name for thread in threading.enumerate() if thread.name == "fifo-live client"]


async def test_a_thread_without_a_loop_steers(house: House) -> None:
    """All methods block until they are answered; nothing is left behind."""
    await house.until_running()

    def steer() -> None:
        with BlockingClient(house.url) as client:
            accepted = client.prompt("a sea")
            on_air = client.on_air(accepted, PATIENCE_S)
            assert on_air is not None and on_air.cue == accepted.cue
            with pytest.raises(RequestError):
                client.prompt("")
            client.set(guidance=3.0)
            client.cut()
            client.pause()
            client.resume()
            assert client.state is not None and client.state.role == "steer"
        with pytest.raises(EngineUnavailableError, match="not connected"):
            client.pause()

    await asyncio.to_thread(steer)
    assert clients_threads() == []


def test_a_client_that_cannot_connect_leaves_no_thread() -> None:
    """The error is raised by `with`, a bad address before it."""
    with pytest.raises(EngineUnavailableError, match="No answer"), BlockingClient("127.0.0.1:1"):
        pass
    with pytest.raises(ConfigError):
        BlockingClient("ftp://a")
    assert clients_threads() == []
