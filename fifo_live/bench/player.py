"""A viewer without a screen: one aiortc peer that plays a WHEP stream over loopback and keeps what it sees."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urljoin
from urllib.request import Request

import aioice.ice
import av
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack

from fifo_live.bench.server_process import DIRECT
from fifo_live.errors import SetupError

LOOPBACK = "127.0.0.1"
REQUEST_TIMEOUT_S = 20.0


@dataclass(frozen=True)
class Seen:
    """A picture as it came out of the decoder, and when, on the machine's monotonic clock."""

    picture: av.VideoFrame
    at_s: float


class Player:
    """Plays from `async with` on; `frames()` gives every picture that is decoded."""

    def __init__(self, url: str) -> None:
        self._whep = urljoin(url, "/whep")
        self._session = ""
        self._track: asyncio.Future[MediaStreamTrack] = asyncio.get_running_loop().create_future()

    async def __aenter__(self) -> Self:
        _offer_loopback_only()
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._peer.addTransceiver("video", direction="recvonly")
        self._peer.on("track", self._track.set_result)
        await self._peer.setLocalDescription(await self._peer.createOffer())
        answer = await asyncio.to_thread(self._post, self._peer.localDescription.sdp)
        await self._peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._session:
            await asyncio.to_thread(self._delete)
        await self._peer.close()

    async def frames(self) -> AsyncIterator[Seen]:
        """Yield each picture as it is decoded."""
        track = await self._track
        while True:
            picture = await track.recv()
            assert isinstance(picture, av.VideoFrame)
            yield Seen(picture, time.monotonic())

    def _post(self, offer: str) -> str:
        request = Request(self._whep, offer.encode(), {"Content-Type": "application/sdp"}, method="POST")
        with DIRECT.open(request, timeout=REQUEST_TIMEOUT_S) as answer:
            if answer.status != 201:
                raise SetupError(f"{self._whep} answered {answer.status}; 201 was expected.")
            self._session = urljoin(self._whep, answer.headers["Location"])
            text: str = answer.read().decode()
            return text

    def _delete(self) -> None:
        with DIRECT.open(Request(self._session, method="DELETE"), timeout=REQUEST_TIMEOUT_S):
            self._session = ""


def _offer_loopback_only() -> None:
    """Let this process's peers gather 127.0.0.1, which aioice leaves out, and nothing else."""
    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: [LOOPBACK]
