"""Tests of the addresses that viewers are told."""

import pytest

from fifo_live.config import WebRTCConfig
from fifo_live.errors import ConfigError
from server.media.outputs.webrtc.ice import (
    is_of_this_machine,
    local_addresses,
    machine_addresses,
    with_public_addresses,
)

OWN = "a=candidate:abc 1 udp 2130706431 127.0.0.1 5000 typ host"


def test_what_is_no_address_is_refused() -> None:
    """Names are not looked up."""
    with pytest.raises(ConfigError, match=r"example\.org"):
        WebRTCConfig(addresses=("example.org",))


def test_only_addresses_of_this_machine_are_listened_on() -> None:
    """Those configured, or all if none of them is ours."""
    assert "127.0.0.1" in machine_addresses()
    assert local_addresses(("127.0.0.1", "192.0.2.77"), ipv4=True, ipv6=True) == ["127.0.0.1"]
    assert local_addresses(("192.0.2.77",), ipv4=True, ipv6=True) == machine_addresses()
    assert local_addresses((), ipv4=True, ipv6=True) == machine_addresses()


def test_who_is_on_this_machine() -> None:
    """Loopback in all its forms, and the machine's own addresses."""
    assert all(map(is_of_this_machine, ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", *machine_addresses()]))
    assert not any(map(is_of_this_machine, ["192.0.2.77", "2001:db8::1", "testclient", ""]))


def test_public_addresses_stand_beside_ours() -> None:
    """With the same port and a lower priority; everything else stays as it is."""
    sdp = f"v=0\r\n{OWN}\r\na=end-of-candidates\r\n"
    assert with_public_addresses(sdp, ("127.0.0.1",)) == sdp
    lines = with_public_addresses(sdp, ("192.0.2.77",)).splitlines()
    moved = "a=candidate:abcp0 1 udp 2130706175 192.0.2.77 5000 typ host"
    assert lines == ["v=0", OWN, moved, "a=end-of-candidates"]
