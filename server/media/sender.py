"""Sends to one viewer: RTP and RTCP by aiortc, with packets from the viewer's queue.

Its estimate of the bitrate (REMB) stays where it is: one weak viewer does not make the stream worse for all.
"""

from typing import Any

from aiortc import RTCRtpSender
from aiortc.rtcrtpparameters import RTCRtpParameters, RTCRtpSendParameters
from aiortc.rtcrtpsender import RTCEncodedFrame
from aiortc.rtp import (
    RTP_HISTORY_SIZE,
    HeaderExtensions,
    HeaderExtensionsMap,
    pack_header_extensions,
    unpack_header_extensions,
)

from server.media.outputs.webrtc.viewer import Viewer
from server.media.retransmission import RetransmissionBudget

PLAYOUT_DELAY = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"
_NO_DELAY = b"\0\0\0"


class ViewerSender(RTCRtpSender):
    """An aiortc sender whose packets were encoded for all, and that sends again only so much."""

    viewer: Viewer
    budget: RetransmissionBudget
    is_over: bool

    @classmethod
    def made_of(cls, sender: RTCRtpSender, viewer: Viewer) -> "ViewerSender":
        """Turn a sender that aiortc has made into one of ours."""
        ours: Any = sender
        ours.__class__ = cls
        ours.viewer = viewer
        ours.budget = RetransmissionBudget()
        ours.is_over = False
        ours._RTCRtpSender__rtp_header_extensions_map = _PlayoutDelay()
        made: ViewerSender = ours
        return made

    async def send(self, parameters: RTCRtpSendParameters) -> None:
        """Begin to send, unless the connection came to stand while it was being closed."""
        if not self.is_over:
            await super().send(parameters)

    async def _next_encoded_frame(self, codec: object) -> RTCEncodedFrame:
        packet = await self.viewer.next()
        self.budget.note_sent(sum(map(len, packet.payloads)))
        return RTCEncodedFrame(packet.payloads, packet.pts & 0xFFFFFFFF, None)  # type: ignore[arg-type]

    def _send_keyframe(self) -> None:
        self.viewer.ask_for_keyframe()

    async def _retransmit(self, sequence_number: int) -> None:
        sender: Any = self
        packet = sender._RTCRtpSender__rtp_history.get(sequence_number % RTP_HISTORY_SIZE)
        if packet is None or packet.sequence_number != sequence_number:
            return
        if self.budget.may_send(len(packet.payload)):
            await super()._retransmit(sequence_number)


class _PlayoutDelay(HeaderExtensionsMap):
    """Adds to each RTP packet, where the peer knows the extension, that it is to be shown without delay."""

    def __init__(self) -> None:
        super().__init__()
        self._id = 0

    def configure(self, parameters: RTCRtpParameters) -> None:
        super().configure(parameters)
        self._id = next((e.id for e in parameters.headerExtensions if e.uri == PLAYOUT_DELAY), 0)

    def set(self, values: HeaderExtensions) -> tuple[int, bytes]:
        profile, packed = super().set(values)
        if not self._id:
            return profile, packed
        return pack_header_extensions([*unpack_header_extensions(profile, packed), (self._id, _NO_DELAY)])
