"""A whole server with a fake worker, in the test's own event loop."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection, connect

from fifo_live.config import Config
from fifo_live.link.timeouts import Timeouts
from server.http.access import view_token
from server.run import listen, serve
from server.stream import StreamService
from tests.whep_viewer import WhepViewer

PATIENCE_S = 30.0


@dataclass
class ControlClient:
    """A client of the control socket that keeps what it hears."""

    socket: ClientConnection
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def send(self, message: object) -> None:
        await self.socket.send(message if isinstance(message, str | bytes) else json.dumps(message))

    async def hear(self, kind: str, **values: object) -> dict[str, Any]:
        """Return the next message of a type that has these values."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message: dict[str, Any] = json.loads(await self.socket.recv())
                self.heard.append(message)
                if message["type"] == kind and all(message.get(name) == value for name, value in values.items()):
                    return message

    async def have_heard(self, kind: str, **values: object) -> dict[str, Any]:
        """Return a message of a type that has these values, whether it has come already or not."""
        for message in self.heard:
            if message["type"] == kind and all(message.get(name) == value for name, value in values.items()):
                return message
        return await self.hear(kind, **values)

    async def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send a request and return its answer, `accepted` or `error`."""
        await self.send(message)
        async with asyncio.timeout(PATIENCE_S):
            while True:
                answer: dict[str, Any] = json.loads(await self.socket.recv())
                self.heard.append(answer)
                if answer["type"] in ("accepted", "error") and answer["id"] == message["id"]:
                    return answer

    async def state_where(self, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the newest state for which the condition holds; wait for one if need be."""
        states = [message for message in self.heard if message["type"] == "state"]
        while not states or not condition(states[-1]):
            states.append(await self.hear("state"))
        return states[-1]


@dataclass
class House:
    """A running server and ways into it."""

    studio: StreamService
    http: httpx2.AsyncClient

    @property
    def url(self) -> str:
        return str(self.http.base_url)

    @property
    def view_token(self) -> str:
        return view_token(self.studio.config.server.token)

    def viewer(self, codec: str = "") -> WhepViewer:
        return WhepViewer(self.http, codec)

    @asynccontextmanager
    async def control(self, query: str = "", **options: Any) -> AsyncIterator[ControlClient]:
        url = self.url.replace("http", "ws", 1).rstrip("/") + "/ws" + query
        async with connect(url, proxy=None, **options) as connection:
            yield ControlClient(connection)

    async def until_running(self) -> None:
        async with self.control() as client:
            await client.state_where(lambda state: state["engine"]["state"] == "running" and state["frame"] >= 0)


OpenHouse = Callable[..., Any]


@pytest.fixture
async def open_house(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OpenHouse]:
    """Returns a function that starts a server: sections of the configuration, and `fake` for the fake worker."""

    @asynccontextmanager
    async def open_one(fake: dict[str, Any] | None = None, **sections: dict[str, Any]) -> AsyncIterator[House]:
        monkeypatch.setenv("FIFO_LIVE_FAKE", json.dumps(fake or {}))
        defaults: dict[str, dict[str, Any]] = {"server": {"port": 0}, "webrtc": {"addresses": ("127.0.0.1",)}}
        for name, values in sections.items():
            defaults.setdefault(name, {}).update(values)
        config = Config().with_values(**defaults)
        studio = StreamService(config, module="tests.fake_worker", limits=Timeouts(backoff_s=0.05))
        stop = asyncio.Event()
        with listen(config) as listener:
            serving = asyncio.create_task(serve(studio, listener, stop))
            try:
                async with httpx2.AsyncClient(base_url=_url(listener), timeout=PATIENCE_S, trust_env=False) as http:
                    yield House(studio, http)
            finally:
                stop.set()
                await serving

    yield open_one


@pytest.fixture
async def house(open_house: OpenHouse) -> AsyncIterator[House]:
    """A server with a fake worker that delivers 25 frames a second."""
    async with open_house() as house:
        yield house


def _url(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"
