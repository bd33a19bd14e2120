"""Facts about the control client, against a server with a fake worker and against one that plays a part."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from fifo_live.client import ControlClient, RequestError
from fifo_live.client.control import MAX_HEARD
from fifo_live.errors import EngineUnavailableError
from fifo_live.protocol.answers import Accepted, OnAir
from fifo_live.protocol.requests import Subscribe
from tests.server.conftest import House, OpenHouse, house, open_house

__all__ = ["house", "open_house"]

PATIENCE_S = 30.0
STATE: dict[str, Any] = {
    "type": "state",
    "role": "steer",
    "engine": {"state": "running"},
    "model": None,
    "fps": 25.0,
    "frame": 3,
    "cues": [],
    "on_air": None,
    "viewers": 0,
    "paused": False,
    "seed": 0,
    "guidance": 5.0,
}

Part = Callable[[ServerConnection], Awaitable[None]]


@asynccontextmanager
async def playing(part: Part) -> AsyncIterator[str]:
    """Run a server that says its state and then plays a part; yields its address."""

    async def handle(connection: ServerConnection) -> None:
        await connection.send(json.dumps(STATE))
        await part(connection)

    async with serve(handle, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def heard(connection: ServerConnection) -> dict[str, Any]:
    """Return the next request."""
    request: dict[str, Any] = json.loads(await connection.recv())
    return request


async def say(connection: ServerConnection, kind: str, **fields: object) -> None:
    """Send a message."""
    await connection.send(json.dumps({"type": kind, **fields}))


async def test_every_request_is_answered(house: House) -> None:
    """A prompt has a cue that comes on air; the state follows what was asked."""
    await house.until_running()
    async with ControlClient(house.url) as client:
        accepted = await client.prompt("a sea", transition=2)
        on_air = await client.on_air(accepted, PATIENCE_S)
        assert on_air is not None and (on_air.cue, on_air.frame) == (accepted.cue, accepted.visible_frame)
        blend = await client.prompt([("a sea", 2.0), ("fire", 1.0)])
        assert accepted.cue is not None and blend.cue == accepted.cue + 1
        await client.set(guidance=3.0, seed=7)
        await client.cut()
        await client.pause()
        await client.until(lambda message: (message.type == "state" and message.paused) or None, PATIENCE_S)
        assert client.state is not None and (client.state.guidance, client.state.seed) == (3.0, 7)
        await client.resume()


async def test_a_refusal_carries_the_code_of_the_server(house: House) -> None:
    """The server judges all values, also those of the wrong kind; the connection goes on."""
    await house.until_running()
    async with ControlClient(house.url) as client:
        requests: list[tuple[Callable[[], Awaitable[Accepted]], str]] = [
            (lambda: client.prompt(""), "prompt_empty"),
            (lambda: client.prompt("a sea", transition=100_000), "out_of_range"),
            (lambda: client.prompt([("a sea", -1.0)]), "out_of_range"),
            (lambda: client.set(guidance=-1.0), "out_of_range"),
            (lambda: client.prompt("x" * 70_000), "too_long"),
            (lambda: client.prompt("\ud800"), "not_text"),
        ]
        for wrong, code in requests:
            with pytest.raises(RequestError) as refused:
                await wrong()
            assert refused.value.code == code
        assert (await client.prompt("a sea")).cue is not None


async def test_a_prompt_that_was_overtaken_is_never_on_air() -> None:
    """A newer cue that is seen in its place ends the wait."""

    async def part(connection: ServerConnection) -> None:
        request = await heard(connection)
        await say(connection, "accepted", id=request["id"], cue=4)
        await say(connection, "on_air", cue=3, frame=8)
        await say(connection, "on_air", cue=5, frame=9)
        await connection.wait_closed()

    async with playing(part) as url, ControlClient(url) as client:
        assert await client.on_air(await client.prompt("a sea"), PATIENCE_S) is None


async def test_answers_may_come_in_any_order() -> None:
    """Each of two requests gets the answer with its own id."""

    async def part(connection: ServerConnection) -> None:
        requests = [await heard(connection) for _ in range(2)]
        for request in reversed(requests):
            if request["text"] == "bad":
                await say(connection, "error", id=request["id"], code="prompt_refused", message="No.")
            else:
                await say(connection, "accepted", id=request["id"], cue=1)
        await connection.wait_closed()

    async with playing(part) as url, ControlClient(url) as client:
        good, bad = await asyncio.gather(client.prompt("good"), client.prompt("bad"), return_exceptions=True)
    assert not isinstance(good, BaseException) and good.cue == 1
    assert isinstance(bad, RequestError) and bad.code == "prompt_refused"


async def test_a_server_that_goes_away_ends_every_wait() -> None:
    """Whoever waits for an answer or a message hears that the connection ended, and so does who asks later."""

    async def part(connection: ServerConnection) -> None:
        await heard(connection)
        await connection.close(1001, "going away")

    async with playing(part) as url, ControlClient(url) as client:
        waiting = client.until(lambda message: message if isinstance(message, OnAir) else None)
        ends = await asyncio.gather(client.prompt("a sea"), waiting, return_exceptions=True)
        with pytest.raises(EngineUnavailableError):
            await client.pause()
    assert [type(end) for end in ends] == [EngineUnavailableError] * 2
    assert "ended" in str(ends[0])


async def test_an_answer_that_does_not_come_is_not_waited_for_for_ever() -> None:
    """A request, a cue and the first state have their time."""

    async def silent(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async with playing(silent) as url, ControlClient(url, timeout_s=0.05) as client:
        with pytest.raises(EngineUnavailableError, match="no 'accepted' came in time"):
            await client.pause()
        with pytest.raises(EngineUnavailableError, match="no 'message' came in time"):
            await client.until(lambda _: None, 0.05)
    async with serve(silent, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(EngineUnavailableError, match="no 'state' came in time"):
            await ControlClient(url, timeout_s=0.05).__aenter__()


async def test_what_was_heard_is_bounded() -> None:
    """Of very many messages the oldest are dropped; a reader goes on with what is left."""

    async def part(connection: ServerConnection) -> None:
        for frame in range(MAX_HEARD + 10):
            await say(connection, "on_air", cue=1, frame=frame)
        await connection.close()

    async with playing(part) as url, ControlClient(url) as client:
        async for _ in client.messages():
            pass
        assert len(client.heard) == MAX_HEARD
        first = await client.until(lambda message: message if isinstance(message, OnAir) else None)
        assert first.frame == 10


async def test_a_newer_server_is_understood() -> None:
    """Fields and kinds of messages that this client does not know are passed over."""

    async def part(connection: ServerConnection) -> None:
        await say(connection, "weather", sky="blue")
        request = await heard(connection)
        await say(connection, "accepted", id=request["id"], cue=1, mood="calm")
        await connection.wait_closed()

    async with playing(part) as url, ControlClient(url) as client:
        assert (await client.prompt("a sea")).cue == 1


async def test_channels_are_subscribed_to_on_connecting() -> None:
    """A client that wants figures asks for them before anything else."""
    asked: list[dict[str, Any]] = []

    async def part(connection: ServerConnection) -> None:
        asked.append(await heard(connection))
        await say(connection, "accepted", id=asked[0]["id"])
        await connection.wait_closed()

    async with playing(part) as url, ControlClient(url, channels=["stats", "log"]):
        assert asked[0]["type"] == Subscribe(channels=[]).type and asked[0]["channels"] == ["stats", "log"]


@pytest.mark.parametrize("name", ["all_proxy", "http_proxy", "socks_proxy"])
async def test_a_server_on_this_machine_is_asked_directly(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies in the environment are for the world outside."""
    for exception in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(exception, raising=False)
    monkeypatch.setenv(name, "http://127.0.0.1:1" if name == "http_proxy" else "socks5://127.0.0.1:1")
    async with playing(lambda connection: connection.wait_closed()) as url, ControlClient(url) as client:
        assert client.state is not None


async def test_a_proxy_that_cannot_be_used_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A SOCKS proxy that needs a package we do not bring is told, not raised as an ImportError."""
    for name in ("socks_proxy", "all_proxy"):
        monkeypatch.setenv(name, "socks5://127.0.0.1:1080")
    with pytest.raises(EngineUnavailableError, match="proxy"):
        await ControlClient("http://8.8.8.8:1").__aenter__()


async def test_who_has_no_right_hears_what_to_do(open_house: OpenHouse) -> None:
    """No token, a wrong one and the one to watch with are told apart; the right one steers."""
    async with open_house(server={"token": "secret"}) as house:
        for token, sentence in (("", "requires a token"), ("wrong", "rejects this token")):
            with pytest.raises(EngineUnavailableError, match=sentence):
                await ControlClient(house.url, token=token).__aenter__()
        with pytest.raises(EngineUnavailableError, match="check the path"):
            await ControlClient(f"{house.url}/nowhere", token="secret").__aenter__()
        async with ControlClient(f"{house.url}/#token={house.view_token}") as client:
            with pytest.raises(RequestError, match="only allows watching"):
                await client.pause()
        async with ControlClient(house.url, token="secret") as client:
            assert client.state is not None and client.state.role == "steer"


async def test_nobody_there_is_a_sentence() -> None:
    """A closed port and a client that was never connected say so."""
    with pytest.raises(EngineUnavailableError, match="No answer from http://127.0.0.1:1:"):
        await ControlClient("127.0.0.1:1").__aenter__()
    with pytest.raises(EngineUnavailableError, match="not connected"):
        await ControlClient("127.0.0.1:1").pause()
