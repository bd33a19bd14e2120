"""Tests of what is used of aiortc though it is not offered in public: another version may lack it."""

import inspect
import socket
from typing import Any

import aioice.ice
from aiortc.codecs import HEADER_EXTENSIONS
from aiortc.rtcdtlstransport import SRTP_PROFILES, RTCCertificate
from OpenSSL import SSL

from server.media.outputs.webrtc import peer as rtc


def test_the_private_parts_are_still_there() -> None:
    """Names and signatures that server/media/outputs/webrtc/peer.py relies on."""
    assert list(inspect.signature(aioice.ice.get_host_addresses).parameters) == ["use_ipv4", "use_ipv6"]
    assert callable(RTCCertificate._create_ssl_context)


def test_prepare_offers_loopback_or_what_is_configured() -> None:
    """Without addresses all of the machine are offered, loopback among them; preparing twice changes nothing."""
    rtc.prepare(("127.0.0.1",))
    assert aioice.ice.get_host_addresses(use_ipv4=True, use_ipv6=True) == ["127.0.0.1"]
    rtc.prepare(())
    rtc.prepare(())
    assert "127.0.0.1" in aioice.ice.get_host_addresses(use_ipv4=True, use_ipv6=False)
    extensions = [extension for extension in HEADER_EXTENSIONS["video"] if extension.uri.endswith("playout-delay")]
    assert len(extensions) == 1
    assert socket.has_ipv6 or aioice.ice.get_host_addresses(use_ipv4=False, use_ipv6=True) == []


def test_rsa_peers_find_a_cipher() -> None:
    """The DTLS context offers suites for both kinds of certificates."""
    rtc.prepare(())
    certificate: Any = RTCCertificate.generateCertificate()
    context = certificate._create_ssl_context(srtp_profiles=SRTP_PROFILES)
    names = SSL.Connection(context, None).get_cipher_list()
    assert {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"} <= set(names)
