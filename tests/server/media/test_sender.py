"""Tests of what sends to one viewer: what it changes in aiortc, and what it keeps."""

import inspect
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiortc import RTCPeerConnection, RTCRtpSender
from aiortc.rtcrtpparameters import RTCRtpSendParameters
from aiortc.rtcrtpsender import RTCEncodedFrame
from aiortc.rtp import RTP_HISTORY_SIZE, HeaderExtensionsMap, RtpPacket

from server.media.outputs.webrtc.viewer import Viewer
from server.media.packet import Packet
from server.media.sender import ViewerSender


@pytest.fixture
async def sender() -> AsyncIterator[ViewerSender]:
    connection = RTCPeerConnection()
    yield ViewerSender.made_of(connection.addTransceiver("video").sender, Viewer())
    await connection.close()


def test_the_private_parts_are_still_there() -> None:
    """Names and signatures that are relied on."""
    assert list(inspect.signature(RTCRtpSender._next_encoded_frame).parameters) == ["self", "codec"]
    assert list(inspect.signature(RTCRtpSender._retransmit).parameters) == ["self", "sequence_number"]
    assert list(inspect.signature(RTCEncodedFrame).parameters) == ["payloads", "timestamp", "audio_level"]
    run = inspect.getsource(RTCRtpSender._run_rtp)
    assert "self._next_encoded_frame(codec)" in run and "self.__rtp_header_extensions_map" in run
    assert "self.__rtp_history[packet.sequence_number % RTP_HISTORY_SIZE]" in run
    handle = inspect.getsource(RTCRtpSender._handle_rtcp_packet)
    assert "self._send_keyframe()" in handle and "self._retransmit(seq)" in handle
    assert {"configure", "set"} <= set(dir(HeaderExtensionsMap))


async def test_it_sends_what_the_viewer_is_given(sender: ViewerSender) -> None:
    """Packets of the queue go out as they are."""
    sender.viewer.offer(Packet([b"abc"], 2**32 + 5, True))
    frame = await sender._next_encoded_frame(None)
    assert (frame.payloads, frame.timestamp) == ([b"abc"], 5)


async def test_it_sends_again_within_its_budget(sender: ViewerSender, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lost packets are sent again until the budget is used up; unknown ones cost nothing."""
    sent: list[int] = []

    async def retransmit(self: object, sequence_number: int) -> None:
        sent.append(sequence_number)

    monkeypatch.setattr(RTCRtpSender, "_retransmit", retransmit)
    history: Any = sender
    for number in range(RTP_HISTORY_SIZE):
        packet = RtpPacket(sequence_number=number)
        packet.payload = b"x" * 1200
        history._RTCRtpSender__rtp_history[number] = packet
    for number in range(2 * RTP_HISTORY_SIZE):
        await sender._retransmit(number)
    assert sent == list(range(len(sent))) and 10 < len(sent) < RTP_HISTORY_SIZE
    assert sender.budget.num_refused == RTP_HISTORY_SIZE - len(sent)


async def test_what_is_over_does_not_begin(sender: ViewerSender) -> None:
    """A connection that comes to stand while it is being closed starts no tasks that nobody would end."""
    sender.is_over = True
    await sender.send(RTCRtpSendParameters())
    state: Any = sender
    assert state._RTCRtpSender__rtp_task is None
