"""Tests of how STUN and TURN servers are read from the configuration, and told to viewers."""

import pytest
from aiortc.rtcicetransport import parse_stun_turn_uri

from fifo_live.config import WebRTCConfig
from fifo_live.errors import ConfigError
from fifo_live.ice_server import IceServer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stun:stun.example.org:3478", IceServer("stun:stun.example.org:3478")),
        ("turn:127.0.0.1", IceServer("turn:127.0.0.1")),
        ("turn:me:a:b@host:1?transport=tcp", IceServer("turn:host:1?transport=tcp", "me", "a:b")),
        ("turns:me:pw@host", IceServer("turns:host", "me", "pw")),
        ("turn:1700000000:alice:Zm9v+/=@host", IceServer("turn:host", "1700000000:alice", "Zm9v+/=")),
        ("turn:1700000000:alice:a:b@host", IceServer("turn:host", "1700000000:alice", "a:b")),
        ("turn:1234:pw@host", IceServer("turn:host", "1234", "pw")),
        ("turn:a%3Ab:c%40d%25@host", IceServer("turn:host", "a:b", "c@d%")),
        (
            "turn:me@example.org:p@w@host:443?transport=udp",
            IceServer("turn:host:443?transport=udp", "me@example.org", "p@w"),
        ),
    ],
)
def test_servers_are_read(text: str, expected: IceServer) -> None:
    """With and without credentials; all that the configuration lets pass can be asked."""
    assert IceServer.parse(*WebRTCConfig(ice_servers=(text,)).ice_servers) == expected
    assert parse_stun_turn_uri(expected.url)["host"]


@pytest.mark.parametrize(
    "text",
    ["", "example.org", "http://example.org", "stun:", "turn:me@host", "turn:@host", "turn::pw@host", "stun:a:b@c"],
)
def test_what_is_no_server_is_refused(text: str) -> None:
    """By the configuration, with an example of the form."""
    with pytest.raises(ConfigError, match="turn:name:password@host:port"):
        WebRTCConfig(ice_servers=(text,))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("stun:[2001:db8::1]:3478", "IPv6"),
        ("turn:me:pw@[::1]", "IPv6"),
        ("stun:2001:db8::1", "the form is"),
        ("stun:host:0", "the form is"),
        ("stun:host:70000", "the form is"),
        ("stun:host:port", "the form is"),
        ("stun:host?transport=udp", "transport"),
        ("turn:me:pw@host?transport=quic", "transport"),
        ("turns:me:pw@host?transport=udp", "transport"),
        ("turn:me:pw@host?x=y", "the form is"),
    ],
)
def test_what_could_not_be_asked_is_refused(text: str, words: str) -> None:
    """Before the start, rather than at every viewer's join."""
    with pytest.raises(ConfigError, match=words):
        WebRTCConfig(ice_servers=(text,))


def test_links_keep_secrets_unless_told() -> None:
    """The credentials are in the link only where they may be, and cannot break out of their quotes."""
    server = IceServer("turn:host", "me", "pw")
    assert server.link(with_secrets=False) == '<turn:host>; rel="ice-server"'
    assert 'username="me"; credential="pw"; credential-type="password"' in server.link(with_secrets=True)
    assert "username" not in IceServer("stun:host").link(with_secrets=True)
    assert 'credential="p\\"w\\\\"' in IceServer("turn:host", "me", 'p"w\\').link(with_secrets=True)
