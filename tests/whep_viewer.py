"""A viewer over WebRTC that reads the bar code of what it sees."""

import asyncio
from types import TracebackType
from typing import Any, Self

import httpx2
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from fifo_live.link.ring import Picture
from tests import barcode

PATIENCE_S = 30.0


class WhepViewer:
    """Joins on entering, leaves on leaving."""

    def __init__(self, http: httpx2.AsyncClient, codec: str = "", token: str = "") -> None:
        self._http = http
        self._query = {"codec": codec} if codec else {}
        self._token = {"Authorization": f"Bearer {token}"} if token else {}
        self._tracks: asyncio.Queue[MediaStreamTrack] = asyncio.Queue()
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.connection.on("track", self._tracks.put_nowait)
        self.leaves_out_candidates = False
        self.candidates: list[str] = []

    async def __aenter__(self) -> Self:
        self.answer = response = await self.post_offer()
        assert response.status_code == 201, response.text
        self.session, self.etag = response.headers["location"], response.headers["etag"]
        await self.connection.setRemoteDescription(RTCSessionDescription(response.text, "answer"))
        self.track = await self._tracks.get()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._http.delete(self.session)
        await self.connection.close()

    async def post_offer(self) -> httpx2.Response:
        """Make an offer and return the server's answer to it."""
        self.connection.addTransceiver("video", direction="recvonly")
        await self.connection.setLocalDescription(await self.connection.createOffer())
        headers = {"Content-Type": "application/sdp", **self._token}
        lines = self.connection.localDescription.sdp.splitlines()
        if self.leaves_out_candidates:
            self.candidates = [line for line in lines if line.startswith("a=candidate:")]
            lines = [line for line in lines if line not in self.candidates and line != "a=end-of-candidates"]
        offer = "\r\n".join(lines) + "\r\n"
        return await self._http.post("/whep", content=offer, headers=headers, params=self._query)

    async def picture(self) -> Picture:
        """Return the next picture."""
        async with asyncio.timeout(PATIENCE_S):
            frame: Any = await self.track.recv()
        picture: Picture = frame.to_ndarray(format="rgb24")
        return picture

    async def see(self) -> tuple[int, int]:
        """Return frame and cue of the next picture that shows them."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                seen = barcode.read(await self.picture())
                if seen is not None:
                    return seen

    async def see_until(self, frame: int) -> list[tuple[int, int]]:
        """Return all that is seen until a frame of at least this number."""
        seen = [await self.see()]
        while seen[-1][0] < frame:
            seen.append(await self.see())
        return seen

    async def until_over(self) -> None:
        """Watch until the server ends the stream."""
        async with asyncio.timeout(PATIENCE_S):
            try:
                while True:
                    await self.track.recv()
            except MediaStreamError:
                return

    def vanish(self) -> None:
        """Be gone without a word, as a machine that is switched off."""
        ice: Any = self.connection.getTransceivers()[0].receiver.transport.transport
        for protocol in ice._connection._protocols:
            protocol.transport.abort()

    async def request_keyframe(self) -> None:
        """Tell the server that the picture cannot be decoded (PLI)."""
        receiver: Any = self.connection.getTransceivers()[0].receiver
        (ssrc,) = receiver._RTCRtpReceiver__remote_streams
        await receiver._send_rtcp_pli(ssrc)
