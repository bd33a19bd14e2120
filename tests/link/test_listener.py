"""Tests of the door that opens to one worker only."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from fifo_live.link.listener import Listener
from fifo_live.link.messages import Pause
from fifo_live.link.transport import WorkerChannel


@pytest.fixture
async def door() -> AsyncIterator[Listener]:
    door = Listener()
    await door.open()
    yield door
    await door.close()


async def connect(door: Listener, token: str) -> WorkerChannel:
    return await asyncio.to_thread(WorkerChannel.connect, door.address, token)


async def test_the_token_opens(door: Listener) -> None:
    """The worker with the token is let in; one with another, or that says something else, is not."""
    (arrival,) = door.expect("secret")
    stranger = await connect(door, "guess")
    with pytest.raises(EOFError):
        await asyncio.to_thread(stranger.receive, None)
    worker = await connect(door, "secret")
    channel = await arrival
    channel.send(Pause(request=1))
    assert await asyncio.to_thread(worker.receive, None) == [Pause(request=1)]
    channel.close()
    worker.close()
    stranger.close()


async def test_every_rank_comes_once(door: Listener) -> None:
    """Each rank has a line of its own; a second one of the same number, or one beyond the last, is not let in."""
    arrivals = door.expect("secret", 2)
    for rank in (1, 0):
        worker = connect_rank(door, rank)
        (await arrivals[rank]).close()
        worker.close()
    for rank in (0, 1, 2, -1):
        late = connect_rank(door, rank)
        with pytest.raises(EOFError):
            await asyncio.to_thread(late.receive, None)
        late.close()


def connect_rank(door: Listener, rank: int) -> WorkerChannel:
    return WorkerChannel.connect(door.address, "secret", rank)


async def test_nonsense_is_shown_the_door(door: Listener) -> None:
    """Also when nobody is expected, and with what is no message at all."""
    for line in (b"hello\n", b'{"type":"hello","token":"","pid":1}\n', b"x" * (2 << 20)):
        reader, writer = await asyncio.open_connection(*door.address.split(":"))
        writer.write(line)
        try:
            assert await reader.read() == b""
        except ConnectionError:
            pass
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


async def test_who_says_nothing_does_not_hold_up_the_end(door: Listener) -> None:
    """close() ends the conversations that have not begun."""
    reader, writer = await asyncio.open_connection(*door.address.split(":"))
    await asyncio.sleep(0)
    await door.close()
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
