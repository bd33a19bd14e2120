"""Tests of letting viewers in and seeing them out."""

import asyncio
import gc
import weakref
from typing import Any

import pytest
from aiortc.mediastreams import MediaStreamError

from server.media.outputs.webrtc import ice_agent as agent
from server.media.outputs.webrtc import sessions as audience_module
from server.media.outputs.webrtc.sessions import Session
from server.media.outputs.webrtc.waiting import MAX_SILENT_PER_SUBSCRIBER
from tests.server.conftest import House, OpenHouse
from tests.server.offers import SDP, make_offer


def parts_of(session: Session) -> list[Any]:
    """Return what a session is made of, down to its sockets."""
    connection = session.peer._connection
    (transceiver,) = connection.getTransceivers()
    dtls = transceiver.sender.transport
    ice = dtls.transport
    agent: Any = ice._connection
    return [session, session.viewer, session.peer, connection, transceiver, dtls, ice, agent, *agent._protocols]


async def test_a_server_that_is_away_is_told_once(
    open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Viewers get an answer without it, and the log has one line, however many they are."""
    monkeypatch.setattr(agent, "GATHER_TIMEOUT_S", 0.05)
    servers = ("stun:127.0.0.1:9", "turn:1700000000:name:password@127.0.0.1:9")
    async with open_house(webrtc={"ice_servers": servers}) as house:
        for _ in range(2):
            async with house.viewer() as viewer:
                await viewer.see()
    lines = [record.getMessage() for record in caplog.records if "does not answer" in record.getMessage()]
    assert len(lines) == 1 and "stun:127.0.0.1:9, turn:127.0.0.1:9" in lines[0] and "password" not in lines[0]


async def test_without_files_there_is_no_room(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the process may open no more files, a viewer hears so, and those who watch go on."""
    async with house.viewer() as viewer:
        await viewer.see()
        monkeypatch.setattr(audience_module, "max_files", lambda: 10)
        response = await house.http.post("/whep", content=await make_offer(), headers=SDP)
        assert (response.status_code, response.json()["code"]) == (503, "full")
        assert "ulimit -n" in response.json()["detail"] and int(response.headers["retry-after"]) > 0
        assert (await house.http.get("/healthz")).status_code == 200
        await viewer.see()


async def test_a_socket_that_cannot_be_had_is_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A join that fails for want of a socket is answered with 503, and leaves nothing behind."""

    async def refuse(*arguments: Any, **options: Any) -> None:
        raise OSError(24, "Too many open files")

    offer = await make_offer()
    monkeypatch.setattr(asyncio.get_running_loop(), "create_datagram_endpoint", refuse)
    response = await house.http.post("/whep", content=offer, headers=SDP)
    assert (response.status_code, response.json()["code"]) == (503, "full")
    assert house.studio.audience.num_waiting == 0


async def test_who_never_connects_loses_the_place(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session whose peer does not come within the time limit is ended."""
    monkeypatch.setattr(audience_module, "CONNECT_TIMEOUT_S", 0.2)
    viewer = house.viewer()
    viewer.leaves_out_candidates = True
    response = await viewer.post_offer()
    assert response.status_code == 201
    assert (len(house.studio.audience), house.studio.audience.num_waiting) == (0, 1)
    await viewer.connection.close()
    async with asyncio.timeout(30):
        while house.studio.audience.num_waiting:
            await asyncio.sleep(0)


async def test_offers_that_never_connect_keep_nobody_out(house: House) -> None:
    """However many offers wait, of one address a few do, and the newest of those gets a picture."""
    offer = await make_offer()
    statuses = [(await house.http.post("/whep", content=offer, headers=SDP)).status_code for _ in range(70)]
    assert set(statuses) == {201}
    assert (len(house.studio.audience), house.studio.audience.num_waiting) == (0, MAX_SILENT_PER_SUBSCRIBER)
    async with house.viewer() as viewer:
        await viewer.see()
        assert len(house.studio.audience) == 1
        for _ in range(MAX_SILENT_PER_SUBSCRIBER + 1):
            await house.http.post("/whep", content=offer, headers=SDP)
        frame, _ = await viewer.see()
        await viewer.see_until(frame + 5)
    assert house.studio.audience.num_displaced > 60


async def test_the_last_place_goes_to_whoever_connects_first(open_house: OpenHouse) -> None:
    """Two may wait for one place; the one that connects second is seen out."""
    async with open_house(server={"max_viewers": 1}) as house, house.viewer() as first:
        async with house.viewer() as second:
            seen = await asyncio.gather(first.see(), second.see(), return_exceptions=True)
            assert [isinstance(each, MediaStreamError) for each in seen].count(True) == 1
        assert house.studio.audience.num_waiting == 0


async def test_a_session_that_is_over_is_let_go(house: House) -> None:
    """Nothing holds on to a viewer who has left, so that it needs no garbage collector."""
    gc.collect()
    gc.disable()
    try:
        async with house.viewer() as viewer:
            await viewer.see()
            audience = house.studio.audience
            parts = [weakref.ref(part) for part in parts_of(next(iter(audience._sessions.values())))]
        del viewer
        async with asyncio.timeout(10):
            while any(part() is not None for part in parts):
                await asyncio.sleep(0)
    finally:
        gc.enable()


async def test_many_come_and_go(house: House) -> None:
    """A dozen joins and leaves, some at the same time, leave nothing behind."""

    async def visit(number: int) -> None:
        async with house.viewer("VP8" if number % 2 else "H264") as viewer:
            await viewer.see()

    await asyncio.gather(*map(visit, range(4)))
    await asyncio.gather(*map(visit, range(4)))
    studio = house.studio
    assert len(studio.audience) == 0 and studio.audience.num_joined == 8
    assert all(publisher.num_viewers == 0 for publisher in studio.publishers.values())
