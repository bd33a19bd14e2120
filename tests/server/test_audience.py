"""Tests of letting viewers in and seeing them out."""

import asyncio

import pytest

from server import audience as audience_module
from tests.server.conftest import House


async def test_who_never_connects_loses_the_place(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session whose peer does not come within the time limit is ended."""
    monkeypatch.setattr(audience_module, "CONNECT_TIMEOUT_S", 0.2)
    viewer = house.viewer()
    viewer.leaves_out_candidates = True
    response = await viewer.post_offer()
    assert response.status_code == 201 and len(house.studio.audience) == 1
    await viewer.connection.close()
    async with asyncio.timeout(30):
        while len(house.studio.audience):
            await asyncio.sleep(0)


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
