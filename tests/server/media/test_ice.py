"""Tests of the addresses and servers that viewers are told."""

import pytest

from fifo_live.config import WebRTCConfig
from fifo_live.errors import ConfigError
from server.media.ice import IceServer, local_addresses, machine_addresses, with_public_addresses

OWN = "a=candidate:abc 1 udp 2130706431 127.0.0.1 5000 typ host"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stun:stun.example.org:3478", IceServer("stun:stun.example.org:3478")),
        ("turn:127.0.0.1", IceServer("turn:127.0.0.1")),
        ("turn:me:a:b@host:1?transport=tcp", IceServer("turn:host:1?transport=tcp", "me", "a:b")),
        ("turns:me:pw@host", IceServer("turns:host", "me", "pw")),
    ],
)
def test_servers_are_read(text: str, expected: IceServer) -> None:
    """With and without credentials, and all that the configuration lets pass."""
    assert IceServer.parse(*WebRTCConfig(ice_servers=(text,)).ice_servers) == expected


@pytest.mark.parametrize("text", ["", "example.org", "http://example.org", "stun:", "turn:me@host", "stun:a:b@c"])
def test_what_is_no_server_is_refused(text: str) -> None:
    """By the configuration, with an example of the form."""
    with pytest.raises(ConfigError, match="turn:name:password@host:port"):
        WebRTCConfig(ice_servers=(text,))


def test_what_is_no_address_is_refused() -> None:
    """Names are not looked up."""
    with pytest.raises(ConfigError, match=r"example\.org"):
        WebRTCConfig(addresses=("example.org",))


def test_links_keep_secrets_when_told() -> None:
    """The credentials are in the link only where they may be."""
    server = IceServer("turn:host", "me", "pw")
    assert server.link(with_secrets=False) == '<turn:host>; rel="ice-server"'
    assert 'username="me"; credential="pw"; credential-type="password"' in server.link(with_secrets=True)
    assert "username" not in IceServer("stun:host").link(with_secrets=True)


def test_only_addresses_of_this_machine_are_listened_on() -> None:
    """Those configured, or all if none of them is ours."""
    assert "127.0.0.1" in machine_addresses()
    assert local_addresses(("127.0.0.1", "192.0.2.77"), ipv4=True, ipv6=True) == ["127.0.0.1"]
    assert local_addresses(("192.0.2.77",), ipv4=True, ipv6=True) == machine_addresses()
    assert local_addresses((), ipv4=True, ipv6=True) == machine_addresses()


def test_public_addresses_stand_beside_ours() -> None:
    """With the same port and a lower priority; everything else stays as it is."""
    sdp = f"v=0\r\n{OWN}\r\na=end-of-candidates\r\n"
    assert with_public_addresses(sdp, ("127.0.0.1",)) == sdp
    lines = with_public_addresses(sdp, ("192.0.2.77",)).splitlines()
    moved = "a=candidate:abcp0 1 udp 2130706175 192.0.2.77 5000 typ host"
    assert lines == ["v=0", OWN, moved, "a=end-of-candidates"]
