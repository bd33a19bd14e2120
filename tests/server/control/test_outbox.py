"""Tests of what waits for one client."""

import asyncio

from fifo_live.protocol.answers import Accepted, Log, OnAir
from fifo_live.protocol.slots import Queue
from server.control.outbox import MAX_WAITING, Outbox


async def test_messages_come_in_order() -> None:
    """And next() waits for the first."""
    outbox = Outbox()
    waiting = asyncio.create_task(outbox.next())
    await asyncio.sleep(0)
    outbox.put(OnAir(cue=1, frame=1))
    outbox.put(OnAir(cue=2, frame=2))
    assert [(await waiting), (await outbox.next())] == [OnAir(cue=1, frame=1), OnAir(cue=2, frame=2)]


async def test_of_a_picture_of_the_moment_only_the_newest_is_kept() -> None:
    """An older queue is of no use to anybody."""
    outbox = Outbox()
    outbox.put(Queue(tick=1, slots=[]))
    outbox.put(OnAir(cue=1, frame=1))
    outbox.put(Queue(tick=2, slots=[]))
    assert [await outbox.next() for _ in range(2)] == [OnAir(cue=1, frame=1), Queue(tick=2, slots=[])]
    assert outbox.num_dropped == 0


async def test_too_much_is_dropped_the_log_first() -> None:
    """What is dropped is counted."""
    outbox = Outbox()
    for frame in range(MAX_WAITING - 1):
        outbox.put(OnAir(cue=1, frame=frame))
    outbox.put(Log(level="info", message="x"))
    outbox.put(OnAir(cue=1, frame=1000))
    assert (await outbox.next()).type == "on_air" and outbox.num_dropped == 1
    for frame in range(5):
        outbox.put(OnAir(cue=2, frame=frame))
    first = await outbox.next()
    assert isinstance(first, OnAir) and first.frame > 1 and outbox.num_dropped == 5


async def test_answers_are_never_dropped() -> None:
    """What else waits makes room for them, and whoever asks has to wait until there is room for the answer."""
    outbox = Outbox()
    for number in range(MAX_WAITING):
        outbox.put(OnAir(cue=1, frame=number))
    for number in range(MAX_WAITING + 5):
        outbox.put(Accepted(id=number))
    assert outbox.num_dropped == MAX_WAITING
    waiting = asyncio.create_task(outbox.room())
    answers = [await outbox.next() for _ in range(5)]
    await asyncio.sleep(0)
    assert not waiting.done()
    answers += [await outbox.next() for _ in range(MAX_WAITING)]
    await waiting
    assert answers == [Accepted(id=number) for number in range(MAX_WAITING + 5)]


async def test_nobody_waits_for_room_that_will_never_be() -> None:
    """When nothing is sent any more, whoever waits goes on."""
    outbox = Outbox()
    for number in range(MAX_WAITING):
        outbox.put(Accepted(id=number))
    waiting = asyncio.create_task(outbox.room())
    await asyncio.sleep(0)
    outbox.close()
    await waiting
