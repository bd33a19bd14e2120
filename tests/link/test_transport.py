"""Tests of the line between server and worker."""

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest

from fifo_live.link import transport as channel_module
from fifo_live.link.messages import Credit, Event, Failed, Hello, Pause, Stop
from fifo_live.link.transport import LineBuffer, ServerChannel, WorkerChannel, encode_line
from fifo_live.protocol.state import Progress


@pytest.fixture
def pair() -> Iterator[tuple[WorkerChannel, socket.socket]]:
    ours, theirs = _tcp_pair()
    worker = WorkerChannel(ours)
    yield worker, theirs
    worker.close()
    theirs.close()


def _tcp_pair() -> tuple[socket.socket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ours = socket.create_connection(listener.getsockname())
        return ours, listener.accept()[0]


def test_lines_are_cut_where_they_end() -> None:
    """A line that comes in pieces is given out when it is whole."""
    lines = LineBuffer()
    assert lines.feed(b"ab") == []
    assert lines.feed(b"c\nde\nf") == [b"abc", b"de"]
    assert lines.feed(b"\n") == [b"f"]


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line may not grow without bound."""
    monkeypatch.setattr(channel_module, "MAX_LINE_BYTES", 10)
    with pytest.raises(ValueError, match="10 are allowed"):
        LineBuffer().feed(b"x" * 11)


def test_receive_without_waiting_returns_nothing(pair: tuple[WorkerChannel, socket.socket]) -> None:
    """receive() with its default does not wait."""
    assert pair[0].receive() == []


def test_receive_returns_all_that_has_come_in_order(pair: tuple[WorkerChannel, socket.socket]) -> None:
    """Commands sent together are received together, in order."""
    worker, server = pair
    server.sendall(encode_line(Credit(frames=3)) + encode_line(Pause(request=1)))
    assert worker.receive(None) == [Credit(frames=3), Pause(request=1)]


def test_receive_waits_for_the_rest_of_a_line(pair: tuple[WorkerChannel, socket.socket]) -> None:
    """A blocking receive() survives a command that comes in two pieces."""
    worker, server = pair
    line = encode_line(Credit(frames=3))
    server.sendall(line[:5])
    got: list[object] = []
    thread = threading.Thread(target=lambda: got.extend(worker.receive(None)))
    thread.start()
    server.sendall(line[5:])
    thread.join(30)
    assert got == [Credit(frames=3)]


def test_what_came_before_the_end_is_received_first(pair: tuple[WorkerChannel, socket.socket]) -> None:
    """The last commands are not lost when the server hangs up behind them; then EOFError is raised."""
    worker, server = pair
    server.sendall(encode_line(Stop()))
    server.close()
    assert worker.receive(None) == [Stop()]
    with pytest.raises(EOFError):
        worker.receive(None)


def test_many_threads_may_send(pair: tuple[WorkerChannel, socket.socket]) -> None:
    """Lines sent from several threads are never mixed."""
    worker, server = pair
    event = Failed(code="x", message="y" * 1000)

    def send() -> None:
        for _ in range(20):
            worker.send(event)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    with server.makefile("rb") as lines:
        assert {lines.readline() for _ in range(80)} == {encode_line(event)}
    for thread in threads:
        thread.join(30)


def test_send_to_a_server_that_is_gone_raises(pair: tuple[WorkerChannel, socket.socket]) -> None:
    """A dead connection is EOFError on the sending side too."""
    worker, server = pair
    server.close()
    with pytest.raises(EOFError):
        for _ in range(1000):
            worker.send(Progress(stage="loading", detail="x" * 10000))


async def test_worker_and_server_meet() -> None:
    """connect() says hello; events and commands pass both ways; a worker that ends is EOFError."""
    channels: asyncio.Queue[ServerChannel] = asyncio.Queue()
    server = await asyncio.start_server(
        lambda r, w: channels.put_nowait(ServerChannel(r, w)), "127.0.0.1", 0, limit=channel_module.MAX_LINE_BYTES
    )
    host, port = server.sockets[0].getsockname()
    worker = await asyncio.to_thread(WorkerChannel.connect, f"{host}:{port}", "secret")
    channel = await channels.get()
    hello: Event = await channel.receive()
    assert isinstance(hello, Hello) and hello.token == "secret"
    channel.send(Credit(frames=2))
    assert await asyncio.to_thread(worker.receive, None) == [Credit(frames=2)]
    worker.close()
    with pytest.raises(EOFError):
        await channel.receive()
    channel.close()
    with pytest.raises(EOFError):
        channel.send(Stop())
    server.close()
    await server.wait_closed()


async def test_what_is_no_event_is_refused() -> None:
    """A line that is no event is a ValueError, not a silent loss."""
    reader = asyncio.StreamReader()
    reader.feed_data(b'{"type":"nonsense"}\n')
    _, writer = await _writer()
    with pytest.raises(ValueError, match="nonsense"):
        await ServerChannel(reader, writer).receive()
    writer.close()
    await writer.wait_closed()


async def test_a_worker_that_does_not_read_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for a worker is bounded."""
    monkeypatch.setattr(channel_module, "MAX_UNSENT_BYTES", -1)
    reader, writer = await _writer()
    with pytest.raises(EOFError, match="does not read"):
        ServerChannel(reader, writer).send(Stop())
    writer.close()
    await writer.wait_closed()


async def _writer() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    ours, theirs = socket.socketpair()
    theirs.close()
    return await asyncio.open_connection(sock=ours)
