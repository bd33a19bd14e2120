"""Tests of where a connection comes from."""

import pytest

from server.http.peer_address import is_loopback, subscriber_of


@pytest.mark.parametrize(
    "host", ["localhost", "localhost.", "127.0.0.1", "127.9.9.9", "::1", "[::1]", "LOCALHOST", "::ffff:127.0.0.1"]
)
def test_loopback_is_known(host: str) -> None:
    """By its names and addresses."""
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "192.168.0.1", "example.org", "", "::", "::ffff:192.168.0.1", "127.0.0.1.example.org", "127"]
)
def test_what_is_not_loopback_is_known(host: str) -> None:
    """Also what only looks harmless."""
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("testclient", "testclient"),
    ],
)
def test_a_subscriber_has_one_name(host: str, expected: str) -> None:
    """All addresses that one subscriber can take count as one."""
    assert subscriber_of(host) == expected
