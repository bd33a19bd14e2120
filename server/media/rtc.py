"""WebRTC, by aiortc: the one module that knows it, and what it does not offer in public.

Private parts of aiortc are touched in `prepare`, `_send_from` and `_PlayoutDelay` only; tests/server/media/test_rtc.py
says which, and fails when another version lacks them.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import aioice.ice
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCRtpCodecCapability,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.codecs import HEADER_EXTENSIONS
from aiortc.exceptions import OperationError
from aiortc.rtcdtlstransport import RTCCertificate
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpParameters
from aiortc.rtcrtpsender import RTCEncodedFrame
from aiortc.rtp import HeaderExtensions, HeaderExtensionsMap, pack_header_extensions, unpack_header_extensions
from aiortc.sdp import candidate_from_sdp

from fifo_live.config import WebRTCConfig
from fifo_live.errors import FifoLiveError
from server.media.codec import Codec
from server.media.ice import IceServer, local_addresses, with_public_addresses
from server.media.viewer import Viewer

logger = logging.getLogger(__name__)

_PLAYOUT_DELAY = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"
_PLAYOUT_DELAY_ID = 4
_NO_DELAY = b"\0\0\0"
_CIPHERS = b":".join(
    b"ECDHE-" + key + suite
    for key in (b"ECDSA-", b"RSA-")
    for suite in (b"AES128-GCM-SHA256", b"CHACHA20-POLY1305", b"AES128-SHA", b"AES256-SHA")
)


class OfferError(FifoLiveError):
    """An offer is no SDP, or none that can be understood."""

    code = "bad_offer"


class UnsupportedOfferError(OfferError):
    """An offer is understood, but wants what there is not."""

    code = "unsupported_offer"


def prepare(addresses: Sequence[str]) -> None:
    """Make aiortc fit for us, once per process.

    Peers are offered the given addresses, or all of this machine's including loopback. Peers whose certificate is
    RSA, as GStreamer's, find a cipher. Browsers are told to show a picture as soon as they have it.
    """
    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: local_addresses(addresses, ipv4=use_ipv4, ipv6=use_ipv6)
    if not any(extension.uri == _PLAYOUT_DELAY for extension in HEADER_EXTENSIONS["video"]):
        extension = RTCRtpHeaderExtensionParameters(id=_PLAYOUT_DELAY_ID, uri=_PLAYOUT_DELAY)
        HEADER_EXTENSIONS["video"].append(extension)
    certificate: Any = RTCCertificate
    certificate._create_ssl_context = _create_ssl_context


_aiortc_create_ssl_context: Any = RTCCertificate._create_ssl_context


def _create_ssl_context(*arguments: Any, **options: Any) -> Any:
    context = _aiortc_create_ssl_context(*arguments, **options)
    context.set_cipher_list(_CIPHERS)
    return context


class _PlayoutDelay(HeaderExtensionsMap):
    """Adds to each RTP packet, where the peer knows the extension, that it is to be shown without delay."""

    def __init__(self) -> None:
        super().__init__()
        self._id = 0

    def configure(self, parameters: RTCRtpParameters) -> None:
        super().configure(parameters)
        self._id = next((e.id for e in parameters.headerExtensions if e.uri == _PLAYOUT_DELAY), 0)

    def set(self, values: HeaderExtensions) -> tuple[int, bytes]:
        profile, packed = super().set(values)
        if not self._id:
            return profile, packed
        return pack_header_extensions([*unpack_header_extensions(profile, packed), (self._id, _NO_DELAY)])


class _Silence(MediaStreamTrack):
    """Stands for our video in aiortc's eyes; the packets take another way."""

    kind = "video"

    async def recv(self) -> Any:
        raise AssertionError("the sender takes its packets from the viewer")


class Peer:
    """One WebRTC connection that shows the stream to a viewer."""

    def __init__(
        self, config: WebRTCConfig, viewer: Viewer, on_connected: Callable[[], None], on_gone: Callable[[], None]
    ) -> None:
        # None would mean a public STUN server that nobody has asked for.
        servers = [_rtc_server(IceServer.parse(text)) for text in config.ice_servers]
        self._addresses = config.addresses
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        self._viewer = viewer
        self._on_connected = on_connected
        self._on_gone = on_gone
        self.was_connected = False
        self._connection.on("connectionstatechange", self._on_state)

    async def answer(self, offer: str, codecs: Sequence[Codec]) -> str:
        """Return the answer to an offer, with all candidates in it; the first of `codecs` that both know is sent.

        Raises: OfferError for an offer that is no SDP, or wants nothing that we have.
        """
        if not offer.lstrip().startswith("v=0"):
            raise OfferError("The offer is no SDP: it does not begin with v=0.")
        connection = self._connection
        # The preference counts only if the transceiver is there before the offer.
        transceiver = connection.addTransceiver(_Silence(), direction="sendonly")
        transceiver.setCodecPreferences(_capabilities(codecs))
        try:
            await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
            if transceiver.mid is None:
                raise UnsupportedOfferError("The offer has no video in it.")
            answer = await connection.createAnswer()
            self._viewer.codec = _chosen_codec(transceiver)
            _send_from(self._viewer, transceiver.sender)
            await connection.setLocalDescription(answer)
        except OfferError:
            raise
        except OperationError as error:
            raise UnsupportedOfferError(f"The offer knows none of the codecs {', '.join(Codec)}.") from error
        except Exception as error:
            # aiortc answers bad SDP with whatever went wrong inside its parser: ValueError, KeyError and more.
            logger.debug("an offer that can not be answered", exc_info=True)
            raise OfferError(f"The offer can not be understood ({type(error).__name__}: {error}).") from error
        if transceiver.currentDirection != "sendonly":
            raise UnsupportedOfferError("The offer does not ask to receive video.")
        return with_public_addresses(connection.localDescription.sdp, self._addresses)

    async def add_candidates(self, fragment: str) -> None:
        """Take the candidates of an SDP fragment (RFC 8840); what can not be understood is left out."""
        mid = self._connection.getTransceivers()[0].mid
        for line in fragment.splitlines():
            if not line.startswith("a=candidate:"):
                continue
            with suppress(ValueError, AssertionError, IndexError, KeyError):
                candidate = candidate_from_sdp(line.removeprefix("a=candidate:"))
                candidate.sdpMid = mid
                await self._connection.addIceCandidate(candidate)

    async def close(self) -> None:
        """End the connection; a second call does nothing."""
        await self._connection.close()

    def _on_state(self) -> None:
        state = self._connection.connectionState
        logger.debug("a peer is %s", state)
        if state == "connected" and not self.was_connected:
            self.was_connected = True
            self._on_connected()
        elif state in ("failed", "closed"):
            self._on_gone()


def _rtc_server(server: IceServer) -> RTCIceServer:
    return RTCIceServer(server.url, server.username or None, server.credential or None)


def _capabilities(codecs: Sequence[Codec]) -> list[RTCRtpCodecCapability]:
    known = RTCRtpSender.getCapabilities("video").codecs
    # Of the H264 profiles, constrained baseline (42e01f) is what is sent; a peer that knows only baseline reads it too.
    known.sort(key=lambda capability: capability.parameters.get("profile-level-id") == "42001f")
    wanted = [capability for name in codecs for capability in known if capability.name == name.value]
    return wanted + [capability for capability in known if capability.name.lower() == "rtx"]


def _chosen_codec(transceiver: Any) -> Codec:
    """Raises: OfferError if none of ours is among the codecs of the offer."""
    names = [codec.name for codec in transceiver._codecs if codec.name.upper() in set(Codec)]
    if not names:
        raise UnsupportedOfferError(f"The offer knows none of the codecs {', '.join(Codec)}.")
    return Codec(names[0].upper())


def _send_from(viewer: Viewer, sender: Any) -> None:
    """Let an aiortc sender take packets from a viewer's queue, and the viewer hear of keyframe requests.

    Its estimate of the bitrate (REMB) stays with the sender: one weak viewer does not make the stream worse for all.
    """

    async def next_packet(codec: object) -> RTCEncodedFrame:
        packet = await viewer.next()
        return RTCEncodedFrame(packet.payloads, packet.pts & 0xFFFFFFFF, None)  # type: ignore[arg-type]

    sender._next_encoded_frame = next_packet
    sender._send_keyframe = lambda: viewer.request_keyframe()
    sender._RTCRtpSender__rtp_header_extensions_map = _PlayoutDelay()
