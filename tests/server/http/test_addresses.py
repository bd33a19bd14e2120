"""Facts about the addresses that a server prints."""

import socket
from types import SimpleNamespace

import psutil
import pytest

from server.http.access import view_token
from server.http.addresses import Entrance, family_of, local_host, others_hosts, plain_host


def test_each_page_has_its_address_and_its_token() -> None:
    """The control page carries the token to steer, percent-encoded; viewer and OBS carry the one to watch."""
    entrance = Entrance("192.168.1.5", 8765, "a b/[x]")
    watch = view_token("a b/[x]")
    assert entrance.page == "http://192.168.1.5:8765/#token=a%20b%2F%5Bx%5D"
    assert entrance.viewer == f"http://192.168.1.5:8765/watch#token={watch}"
    assert entrance.obs_source == f"http://192.168.1.5:8765/obs/source#token={watch}"


@pytest.mark.parametrize(
    ("host", "netloc"),
    [("127.0.0.1", "127.0.0.1:1"), ("fd12::5", "[fd12::5]:1"), ("fe80::1%eth0", "[fe80::1%25eth0]:1"), ("a", "a:1")],
)
def test_ipv6_addresses_stand_in_brackets(host: str, netloc: str) -> None:
    """So does one with a zone, whose % is escaped (RFC 6874)."""
    assert Entrance(host, 1).netloc == netloc
    assert Entrance(host, 1).page == f"http://{netloc}/"


def test_this_machine_reaches_itself_over_loopback() -> None:
    """What means all addresses is reached at 127.0.0.1 or ::1; brackets are taken off."""
    hosts = ("0.0.0.0", "", "::", "[::]", "[fd12::5]", "studio")
    assert [local_host(host) for host in hosts] == ["127.0.0.1", "127.0.0.1", "::1", "::1", "fd12::5", "studio"]
    assert plain_host("[::1]") == "::1"


def test_others_are_told_the_addresses_that_they_can_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback, link-local addresses and interfaces that are down are left out; one named host needs no list."""
    v4, v6 = socket.AF_INET, socket.AF_INET6

    def card(*addresses: tuple[socket.AddressFamily, str]) -> list[SimpleNamespace]:
        return [SimpleNamespace(family=family, address=address) for family, address in addresses]

    cards = {
        "lo": card((v4, "127.0.0.1"), (v6, "::1")),
        "wlan0": card((v4, "192.168.1.5"), (v6, "fe80::1%wlan0"), (v6, "fd00::5")),
        "eth0": card((v4, "10.0.0.9")),
        "eth1": card((v4, "169.254.3.4")),
    }
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: cards)
    monkeypatch.setattr(psutil, "net_if_stats", lambda: {name: SimpleNamespace(isup=name != "eth0") for name in cards})
    assert others_hosts("0.0.0.0") == ["192.168.1.5"]
    assert sorted(others_hosts("::")) == ["192.168.1.5", "fd00::5"]
    assert others_hosts("192.168.1.5") == others_hosts("127.0.0.1") == others_hosts("studio") == []


def test_the_family_of_a_host_is_looked_up() -> None:
    """Addresses, names and nothing."""
    assert (family_of("127.0.0.1"), family_of(""), family_of("::1")) == (
        socket.AF_INET,
        socket.AF_INET,
        socket.AF_INET6,
    )
    with pytest.raises(OSError):
        family_of("no.such.host.invalid")
