"""Somebody who joins over WHEP and leaves again, in one of the ways that there are."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urljoin, urlsplit

import aioice.ice
import aiortc.rtcrtpreceiver
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

REQUEST_TIMEOUT_S = 30.0
CONNECT_TIMEOUT_S = 20.0
CREATED, OK = 201, 200
SDP = {"Content-Type": "application/sdp"}


class Leaving(StrEnum):
    """How a visit ends."""

    DELETE = "delete"
    CLOSE = "close"
    VANISH = "vanish"
    POST_ONLY = "post_only"


@contextmanager
def undecoded() -> Iterator[None]:
    """Let this process's peers gather 127.0.0.1 only, and inside decode nothing of what they get."""
    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]
    receiving: Any = aiortc.rtcrtpreceiver
    decoder_worker, receiving.decoder_worker = receiving.decoder_worker, lambda *parts: None
    try:
        yield
    finally:
        receiving.decoder_worker = decoder_worker


class Visitor:
    """One visit to the server at a URL."""

    def __init__(self, url: str) -> None:
        self._endpoint = urljoin(url, "/whep")
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._connected = asyncio.Event()
        self._peer.on("connectionstatechange", self._note_state)

    async def visit(self, leaving: Leaving) -> str:
        """Join and leave; returns what came of it: "ok", "refused" or "not connected"."""
        receiver = self._peer.addTransceiver("video", direction="recvonly").receiver
        await self._peer.setLocalDescription(await self._peer.createOffer())
        status, session, answer = await asyncio.to_thread(
            self._request, "POST", self._endpoint, self._peer.localDescription.sdp
        )
        try:
            if status != CREATED:
                return "refused"
            if leaving is Leaving.POST_ONLY:
                return "ok"
            await self._peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await self._connected.wait()
            if leaving is Leaving.DELETE:
                status, _, _ = await asyncio.to_thread(self._request, "DELETE", urljoin(self._endpoint, session), "")
                return "ok" if status == OK else "refused"
            if leaving is Leaving.VANISH:
                _cut(receiver)
            return "ok"
        except TimeoutError:
            return "not connected"
        finally:
            await self._peer.close()

    def _note_state(self) -> None:
        if self._peer.connectionState == "connected":
            self._connected.set()

    def _request(self, method: str, url: str, body: str) -> tuple[int, str, str]:
        parts = urlsplit(url)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=REQUEST_TIMEOUT_S)
        try:
            connection.request(method, parts.path, body, SDP)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location", ""), answer.read().decode()
        finally:
            connection.close()


def _cut(receiver: Any) -> None:
    """Take away the sockets, as a machine does that is switched off."""
    for protocol in receiver.transport.transport._connection._protocols:
        protocol.transport.abort()
