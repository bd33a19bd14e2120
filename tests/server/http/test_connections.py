"""Tests of connections that are slow, deaf or too many, on real sockets."""

import asyncio
import os
import socket
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from server import run
from server.control import hub
from server.http import body, connections
from tests.server.conftest import PATIENCE_S, House, OpenHouse

HEAD = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds takes fractions of one here."""
    monkeypatch.setattr(connections, "HEAD_TIMEOUT_S", 0.3)
    monkeypatch.setattr(connections, "UNREAD_TIMEOUT_S", 0.5)
    monkeypatch.setattr(body, "BODY_TIMEOUT_S", 0.3)
    monkeypatch.setattr(run, "KEEP_ALIVE_S", 0.3)


def port_of(house: House) -> int:
    port = house.http.base_url.port
    assert port is not None
    return port


@asynccontextmanager
async def dialled(house: House) -> AsyncIterator[Streams]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(house))
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def rest_of(reader: asyncio.StreamReader) -> bytes:
    """Return all that comes until the server hangs up."""
    async with asyncio.timeout(PATIENCE_S):
        return await reader.read()


@pytest.mark.parametrize("said", [b"", b"G", HEAD, b"GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n"])
async def test_a_head_that_does_not_end_is_not_waited_for(house: House, said: bytes) -> None:
    """Who connects and does not ask is hung up on."""
    async with dialled(house) as (reader, writer):
        writer.write(said)
        assert (await rest_of(reader)).startswith(b"HTTP/1.1 408 ")


async def test_a_head_that_drips_is_not_waited_for(house: House) -> None:
    """Each further byte buys no more time, also where a request has been answered before."""
    async with dialled(house) as (reader, writer):
        writer.write(HEAD + b"\r\n")
        await reader.readuntil(b"ok\n")
        ended = asyncio.create_task(rest_of(reader))
        while not ended.done():
            writer.write(b"G")
            await asyncio.wait([ended], timeout=0.05)
        assert await ended == b""


async def test_an_idle_connection_is_closed(house: House) -> None:
    """After an answer too."""
    async with dialled(house) as (reader, writer):
        writer.write(HEAD + b"\r\n")
        assert (await rest_of(reader)).endswith(b"ok\n")


@pytest.mark.parametrize(("path", "kind"), [("/api/prompt", "application/json"), ("/whep", "application/sdp")])
async def test_content_that_does_not_end_is_not_waited_for(house: House, path: str, kind: str) -> None:
    """It is answered with 408, and the connection ends."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: 100\r\n\r\n"
    async with dialled(house) as (reader, writer):
        writer.write(head.encode() + b"{")
        answer = await rest_of(reader)
    assert answer.startswith(b"HTTP/1.1 408 ") and b'"too_slow"' in answer


async def test_content_that_nobody_wants_is_not_waited_for(house: House) -> None:
    """A request that was refused before its content came does not stay open for it."""
    head = b"POST /api/prompt HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 1000\r\n\r\n"
    async with dialled(house) as (reader, writer):
        writer.write(head)
        ended = asyncio.create_task(rest_of(reader))
        while not ended.done():
            writer.write(b"x")
            await asyncio.wait([ended], timeout=0.05)
        assert (await ended).startswith(b"HTTP/1.1 403 ")


async def test_requests_in_one_piece_are_answered(house: House) -> None:
    """Requests that come together, and one that comes in two parts, are answered as always."""
    async with dialled(house) as (reader, writer):
        writer.write(2 * (HEAD + b"\r\n"))
        for _ in range(2):
            await reader.readuntil(b"ok\n")
        writer.write(HEAD)
        await writer.drain()
        writer.write(b"\r\n")
        assert (await reader.readuntil(b"ok\n")).startswith(b"HTTP/1.1 200 ")


async def test_connections_are_few(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """One too many is told so, and there is room again when another has gone."""
    monkeypatch.setattr(connections, "MAX_CONNECTIONS", 2)
    monkeypatch.setattr(hub, "max_connections", lambda: 100)
    async with connect(f"ws://127.0.0.1:{port_of(house)}/ws"):
        async with connect(f"ws://127.0.0.1:{port_of(house)}/ws"):
            async with dialled(house) as (reader, _):
                answer = await rest_of(reader)
            assert answer.startswith(b"HTTP/1.1 503 ") and b"Too many connections" in answer
        async with dialled(house) as (reader, writer):
            writer.write(HEAD + b"\r\n")
            assert (await reader.readuntil(b"ok\n")).startswith(b"HTTP/1.1 200 ")


def test_half_of_the_files_are_left_for_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a process may open few files, it takes few connections."""
    monkeypatch.setattr(connections, "max_files", lambda: 64)
    assert connections.max_connections() == 32


async def test_who_pings_and_does_not_read_is_cut_off(house: House) -> None:
    """What the server has to say does not pile up, neither in its memory nor for ever."""
    loop = asyncio.get_running_loop()
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.setblocking(False)
        await loop.sock_connect(deaf, ("127.0.0.1", port_of(house)))
        key = b64encode(os.urandom(16))
        head = b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        await loop.sock_sendall(deaf, head + b"Sec-WebSocket-Key: %b\r\nSec-WebSocket-Version: 13\r\n\r\n" % key)
        ping = bytes([0x89, 0x80 | 125]) + bytes(4) + bytes(125)
        async with asyncio.timeout(PATIENCE_S):
            with pytest.raises(OSError):
                while True:
                    await loop.sock_sendall(deaf, 1000 * ping)


async def test_a_socket_outlives_the_limits_for_requests(house: House) -> None:
    """A control socket on which nobody says anything stays open."""
    async with house.control() as client:
        await client.hear("state")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.0):
                while True:
                    await client.socket.recv()
        assert (await client.ask({"type": "pause", "id": 1}))["type"] == "accepted"


async def test_a_wrong_key_is_told_without_delay(open_house: OpenHouse) -> None:
    """A socket that is refused is closed with its reason."""
    async with open_house(server={"token": "secret"}) as house:
        async with connect(f"ws://127.0.0.1:{port_of(house)}/ws") as refused:
            with pytest.raises(ConnectionClosed) as caught:
                await refused.recv()
        assert caught.value.rcvd is not None and caught.value.rcvd.reason == "This server requires a token."
