"""Tests of the encoder's queue, keyframes and change of format."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from fifo_live.config import StreamConfig
from server.media import encoder as encoder_module
from server.media.codec import Codec
from server.media.encoder import MAX_WAITING, Encoder
from server.media.packet import Packet
from tests.server.media.frames import make_shot


@asynccontextmanager
async def running_encoder() -> AsyncIterator[tuple[Encoder, "asyncio.Queue[Packet]"]]:
    packets: asyncio.Queue[Packet] = asyncio.Queue()
    encoder = Encoder(Codec.VP8, StreamConfig(), packets.put_nowait)
    task = asyncio.create_task(encoder.run())
    yield encoder, packets
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_first_packet_is_a_keyframe_the_next_is_not() -> None:
    """Shots become packets with their time stamps, in order."""
    async with running_encoder() as (encoder, packets):
        got = []
        for index in range(2):
            encoder.show(make_shot(index, pts=index * 3000), 30.0)
            got.append(await packets.get())
        assert [(packet.pts, packet.is_keyframe) for packet in got] == [(0, True), (3000, False)]
        assert (encoder.num_encoded, encoder.num_keyframes) == (2, 1) and encoder.encode_s > 0


async def test_requests_that_come_together_share_a_keyframe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Soon after a keyframe there is no other; the wish is kept until its time has come."""
    async with running_encoder() as (encoder, packets):
        for index in range(2):
            encoder.request_keyframe()
            encoder.show(make_shot(index, pts=index * 3000), 30.0)
            assert (await packets.get()).is_keyframe == (index == 0)
        monkeypatch.setattr(encoder_module, "KEYFRAME_GAP_S", 0.0)
        encoder.show(make_shot(2, pts=6000), 30.0)
        assert (await packets.get()).is_keyframe
        encoder.show(make_shot(3, pts=9000), 30.0)
        assert not (await packets.get()).is_keyframe


async def test_what_is_too_much_is_dropped_oldest_first() -> None:
    """Shots wait in a short queue; what falls out is counted."""
    async with running_encoder() as (encoder, packets):
        for index in range(MAX_WAITING + 3):
            encoder.show(make_shot(index, pts=index), 30.0)
        assert encoder.num_dropped == 3
        assert (await packets.get()).pts == 3


async def test_another_size_begins_with_a_keyframe() -> None:
    """When the pictures change their size, the stream goes on with a keyframe of the new one, odd edges left out."""
    async with running_encoder() as (encoder, packets):
        for width in (64, 97):
            encoder.show(make_shot(0, pts=width, width=width, height=49), 30.0)
            assert (await packets.get()).is_keyframe


async def test_after_a_rest_it_begins_with_a_keyframe() -> None:
    """rest() forgets what waits and what was encoded."""
    async with running_encoder() as (encoder, packets):
        encoder.show(make_shot(0, pts=0), 30.0)
        await packets.get()
        encoder.show(make_shot(1, pts=1), 30.0)
        encoder.rest()
        encoder.show(make_shot(2, pts=2), 30.0)
        packet = await packets.get()
        assert (packet.pts, packet.is_keyframe) == (2, True)
