"""A WebRTC peer connection by aiortc; the only module that touches aiortc's internals.

Private parts of aiortc are touched in `prepare` and `Peer`; tests/server/media/test_rtc.py fails when another version
lacks them.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import aioice.ice
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
    rtp,
)
from aiortc.codecs import HEADER_EXTENSIONS
from aiortc.rtcdtlstransport import SRTP_PROFILES, RTCCertificate
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters
from OpenSSL import SSL

from fifo_live.config import WebRTCConfig
from fifo_live.errors import FifoLiveError
from fifo_live.ice_server import IceServer
from server.media.outputs.webrtc import ice_agent as agent
from server.media.outputs.webrtc.candidate import CandidateBudget
from server.media.outputs.webrtc.ice import is_loopback, local_addresses, with_public_addresses
from server.media.outputs.webrtc.ice_agent import IceAgent
from server.media.outputs.webrtc.offer import Offer, is_restart
from server.media.outputs.webrtc.sdp import OfferError, read_fragment
from server.media.outputs.webrtc.video_format import PAYLOAD_TYPES
from server.media.outputs.webrtc.viewer import Viewer
from server.media.sender import PLAYOUT_DELAY, ViewerSender

logger = logging.getLogger(__name__)

_PLAYOUT_DELAY_ID = 4
_CIPHERS = b":".join(
    b"ECDHE-" + key + suite
    for key in (b"ECDSA-", b"RSA-")
    for suite in (b"AES128-GCM-SHA256", b"CHACHA20-POLY1305", b"AES128-SHA", b"AES256-SHA")
)


class IceRestartError(FifoLiveError):
    """A viewer asks for an ICE restart, which aiortc does not have."""

    code = "no_ice_restart"


class NoSocketError(FifoLiveError):
    """There is no address, or no file, left for another viewer's socket."""

    code = "full"


def prepare(addresses: Sequence[str]) -> None:
    """Make aiortc fit for us, once per process.

    Peers are offered the given addresses, or all of this machine's including loopback. Peers whose certificate is
    RSA, as GStreamer's, find a cipher. Browsers are told to show a picture as soon as they have it.
    """
    agent.install()
    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: local_addresses(addresses, ipv4=use_ipv4, ipv6=use_ipv6)
    if not any(extension.uri == PLAYOUT_DELAY for extension in HEADER_EXTENSIONS["video"]):
        extension = RTCRtpHeaderExtensionParameters(id=_PLAYOUT_DELAY_ID, uri=PLAYOUT_DELAY)
        HEADER_EXTENSIONS["video"].append(extension)
    # Made now, so that the first viewer's join does not hold up anything either.
    _ssl_context(_certificate())
    rtp.DYNAMIC_PAYLOAD_TYPES = PAYLOAD_TYPES  # type: ignore[assignment]
    certificate: Any = RTCCertificate
    certificate.generateCertificate = staticmethod(_certificate)
    certificate._create_ssl_context = lambda certificate, srtp_profiles: _ssl_context(certificate)


_aiortc_create_ssl_context: Any = RTCCertificate._create_ssl_context
_aiortc_generate_certificate: Any = RTCCertificate.generateCertificate


@cache
def _certificate() -> RTCCertificate:
    """Return the certificate of this process: one for all viewers, so that no join waits for one of its own."""
    certificate: RTCCertificate = _aiortc_generate_certificate()
    return certificate


@cache
def _ssl_context(certificate: RTCCertificate) -> SSL.Context:
    """Return the context of all connections with a certificate; it keeps nothing of what they negotiate."""
    context: SSL.Context = _aiortc_create_ssl_context(certificate, srtp_profiles=SRTP_PROFILES)
    context.set_cipher_list(_CIPHERS)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    return context


class _Silence(MediaStreamTrack):
    """Stands for our video in aiortc's eyes; the packets take another way."""

    kind = "video"

    async def recv(self) -> Any:
        raise AssertionError("the sender takes its packets from the viewer")


class Peer:
    """One WebRTC connection that shows the stream to a viewer."""

    def __init__(
        self,
        config: WebRTCConfig,
        viewer: Viewer,
        on_connected: Callable[[], None],
        on_gone: Callable[[], None],
        *,
        is_local: bool = True,
    ) -> None:
        # None would mean a public STUN server that nobody has asked for.
        servers = [_rtc_server(IceServer.parse(text)) for text in config.ice_servers]
        self._addresses = config.addresses
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        # Before the offer, so that aiortc takes it for the offer's video.
        self._transceiver = self._connection.addTransceiver(_Silence(), direction="sendonly")
        self._sender = ViewerSender.made_of(self._transceiver.sender, viewer)
        self._agent: IceAgent = self._transceiver.sender.transport.transport._connection  # type: ignore[assignment]
        self._agent.offers_loopback = is_local
        self._budget = CandidateBudget(lambda address: is_local or not is_loopback(address))
        self._offer: Offer | None = None
        self._viewer = viewer
        self._on_connected = on_connected
        self._on_gone = on_gone
        self.was_connected = False
        self._connection.on("connectionstatechange", self._on_state)

    @property
    def is_alive(self) -> bool:
        """Whether the other side has been heard."""
        return self._agent.has_heard

    @property
    def misses_servers(self) -> bool:
        """Whether a STUN or TURN server that is configured was not reached."""
        return self._agent.misses_servers

    async def answer(self, offer: Offer) -> str:
        """Return the answer to an offer, with all candidates in it.

        Raises: OfferError for an offer that aiortc does not take; NoSocketError.
        """
        self._offer = offer
        self._viewer.codec = offer.codec
        try:
            # In steps, so that pictures go out in between.
            await self._connection.setRemoteDescription(RTCSessionDescription(offer.video_only(), "offer"))
            await asyncio.sleep(0)
            answer = await self._connection.createAnswer()
            await asyncio.sleep(0)
            await self._connection.setLocalDescription(answer)
        except OSError as error:
            raise NoSocketError("The server has no socket left for another viewer.") from error
        except Exception as error:
            # A border: what is given to aiortc was checked, so this is a fault of ours, but the viewer's join only.
            if not self._sender.is_over:
                logger.warning("An offer that was checked cannot be answered: %r", error)
            raise OfferError("The offer cannot be answered.") from error
        if not self._agent.local_candidates:
            raise NoSocketError("The server has no socket left for another viewer.")
        await self._ask(offer.candidates)
        whole = offer.whole_answer(self._connection.localDescription.sdp)
        return with_public_addresses(whole, self._addresses)

    async def add_candidates(self, fragment: str) -> None:
        """Take the candidates of an SDP fragment (RFC 8840); what cannot be understood is left out.

        Raises: IceRestartError, and nothing changes.
        """
        if self._offer is not None and is_restart(fragment, self._offer.credentials):
            raise IceRestartError("An ICE restart is not supported; the session stays as it is.")
        await self._ask([value for name, value in read_fragment(fragment) if name == "candidate"])

    async def _ask(self, candidates: Iterable[str]) -> None:
        for candidate in self._budget.take(candidates):
            candidate.sdpMid = self._transceiver.mid
            await self._connection.addIceCandidate(candidate)

    async def close(self) -> None:
        """End the connection; a second call does nothing."""
        self._sender.is_over = True
        await self._connection.close()
        # What aiortc leaves tied, which would keep all of a session until the garbage collector comes.
        self._transceiver.sender.transport.remove_all_listeners()

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
