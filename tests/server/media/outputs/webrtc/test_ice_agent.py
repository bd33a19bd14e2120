"""Tests of ICE: whom a session may make us ask, and whom it hears."""

import asyncio
import inspect
from collections.abc import AsyncIterator
from typing import Any

import aioice.ice
import pytest
from aioice import Candidate, stun
from aioice.ice import Connection, StunProtocol
from aiortc import rtcicetransport

from server.media.outputs.webrtc import ice_agent as agent_module
from server.media.outputs.webrtc.ice_agent import MAX_PATHS, MAX_QUEUED, MAX_UNASKED, IceAgent, IceSocket, install

Address = tuple[str, int]


class Stranger(asyncio.DatagramProtocol):
    """A socket of somebody else, and what it gets."""

    def __init__(self) -> None:
        self.got: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.port: int = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self.got.append(data)


@pytest.fixture
async def agent(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[IceAgent]:
    """An agent on loopback that knows its peer's password, and has not begun to connect."""
    install()
    monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.1"])
    monkeypatch.setattr(agent_module, "CHECK_INTERVAL_S", 0.0)
    monkeypatch.setattr(stun, "RETRY_RTO", 0.001)
    agent = IceAgent(ice_controlling=False)
    await agent.gather_candidates()
    agent.remote_username, agent.remote_password = "peer", "p" * 22
    yield agent
    await agent.close()


async def stranger() -> Stranger:
    _, protocol = await asyncio.get_running_loop().create_datagram_endpoint(Stranger, ("127.0.0.1", 0))
    return protocol


def question(agent: IceAgent, **attributes: Any) -> stun.Message:
    """Return a check as the agent's peer sends it."""
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes.update({"USERNAME": f"{agent.local_username}:peer", "PRIORITY": 5, **attributes})
    message.attributes = {name: value for name, value in message.attributes.items() if value is not None}
    message.add_message_integrity(agent.local_password.encode())
    return message


def socket_of(agent: IceAgent) -> IceSocket:
    socket = agent._protocols[0]
    assert isinstance(socket, IceSocket)
    return socket


def test_the_private_parts_are_still_there() -> None:
    """Names and signatures that server/media/outputs/webrtc/ice_agent.py relies on."""
    assert list(inspect.signature(StunProtocol.request).parameters)[1:] == [
        *("request", "addr", "integrity_key", "retransmissions")
    ]
    assert list(inspect.signature(Connection.get_component_candidates).parameters)[1:] == [
        *("component", "addresses", "timeout")
    ]
    assert {"check_incoming", "request_received", "_check_periodic"} <= set(dir(Connection))
    assert "retransmissions=0" in inspect.getsource(Connection.query_consent)
    assert "StunProtocol(self)" in inspect.getsource(Connection.get_component_candidates)
    known: Any = rtcicetransport
    install()
    assert known.Connection is IceAgent


async def test_third_parties_are_asked_a_few_times(agent: IceAgent) -> None:
    """However many candidates and retransmissions there are, those who never answer get a bounded number of checks."""
    strangers = [await stranger() for _ in range(40)]
    for number, each in enumerate(strangers):
        await agent.add_remote_candidate(Candidate(str(number), 1, "udp", 5, "127.0.0.1", each.port, "host"))
    connecting = asyncio.create_task(agent.connect())
    async with asyncio.timeout(30):
        while not agent.num_refused:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.05)
    assert sum(len(each.got) for each in strangers) == MAX_UNASKED
    await agent.close()
    await asyncio.gather(connecting, return_exceptions=True)
    for each in strangers:
        each.transport.close()


async def test_who_asks_from_many_addresses_is_heard_from_a_few(agent: IceAgent) -> None:
    """Somebody who knows the password cannot fill the agent by inventing where he is."""
    for port in range(5000, 5000 + 3 * MAX_PATHS):
        agent._early_checks_done = True
        agent.check_incoming(question(agent), ("127.0.0.1", port), socket_of(agent))
    assert len(agent.remote_candidates) == MAX_PATHS == len(agent._heard)


async def test_a_peer_that_moves_is_heard_for_ever(agent: IceAgent) -> None:
    """Of a connection that stands old paths are forgotten, so that there is always room for the next."""
    agent._check_list_done = True
    for port in range(5000, 5000 + 3 * MAX_PATHS):
        for pair in agent._check_list:
            pair.task = None
        agent.check_incoming(question(agent), ("127.0.0.1", port), socket_of(agent))
        assert agent.knows(("127.0.0.1", port))
    assert len(agent._check_list) <= MAX_PATHS
    agent._check_list_done = False


async def test_only_the_peer_is_heard(agent: IceAgent) -> None:
    """Media from strangers is dropped, empty datagrams are, and nobody fills the queue."""
    socket = socket_of(agent)
    for data in (b"", b"\x16" + b"x" * 50, b"\x80" + b"x" * 50):
        socket.datagram_received(data, ("127.0.0.1", 5000))
    assert agent._queue.empty() and not agent.has_heard
    agent._early_checks_done = True
    socket.datagram_received(bytes(question(agent)), ("127.0.0.1", 5000))
    assert agent.has_heard
    for _ in range(2 * MAX_QUEUED):
        socket.datagram_received(b"\x80" + b"x" * 50, ("127.0.0.1", 5000, 0, 0))
    assert agent._queue.qsize() == MAX_QUEUED


@pytest.mark.parametrize("length", range(8))
async def test_what_is_no_message_breaks_nothing(agent: IceAgent, length: int) -> None:
    """Attributes of the wrong length, and questions without what a question needs, are answered or dropped."""
    socket = socket_of(agent)
    header = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    for kind in stun.ATTRIBUTES_BY_TYPE:
        body = kind.to_bytes(2, "big") + length.to_bytes(2, "big") + b"\xff" * (length + stun.padding_length(length))
        data = bytes(header)
        socket.datagram_received(data[:2] + len(body).to_bytes(2, "big") + data[4:] + body, ("127.0.0.1", 9999))
    agent._early_checks_done = True
    socket.datagram_received(bytes(question(agent, PRIORITY=None)), ("127.0.0.1", 9999))
    assert not agent.has_heard


async def test_consent_is_asked_for_patiently(agent: IceAgent, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check of consent is repeated, so that a long way there and back is no reason to let a viewer go."""
    quiet = await stranger()
    with pytest.raises(stun.TransactionTimeout):
        await socket_of(agent).request(question(agent), ("127.0.0.1", quiet.port), b"x", retransmissions=0)
    assert len(quiet.got) == 1 + agent_module.CONSENT_RETRANSMISSIONS
    quiet.transport.close()


async def test_what_is_closed_while_it_gathers_keeps_no_socket(agent: IceAgent) -> None:
    """Sockets that are made while the agent is being closed are closed too."""
    closed = IceAgent(ice_controlling=False)
    gathering = asyncio.create_task(closed.gather_candidates())
    await asyncio.sleep(0)
    await closed.close()
    await gathering
    assert closed.local_candidates == [] and closed._protocols == []


async def test_viewers_from_elsewhere_are_not_offered_loopback() -> None:
    """An address that they cannot reach costs no socket."""
    agent = IceAgent(ice_controlling=False)
    agent.offers_loopback = False
    assert await agent.get_component_candidates(1, ["127.0.0.1", "::1"]) == []
    await agent.close()
