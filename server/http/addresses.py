"""The addresses under which this server is reachable, ready to paste."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import quote

import psutil

from server.http.access import view_token

ANY_IPV4 = ("0.0.0.0", "")
ANY_IPV6 = "::"
MAX_HOSTS = 4
"""How many of a machine's addresses are told; one with many bridges has dozens."""


@dataclass(frozen=True)
class Entrance:
    """The addresses of a server under one of its host's names, each with the token that it needs."""

    host: str
    port: int
    token: str = ""

    @property
    def netloc(self) -> str:
        """The host and the port, as a URL has them."""
        return f"[{quote(self.host, safe=':')}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def base(self) -> str:
        """The address without a path or a token."""
        return f"http://{self.netloc}"

    @property
    def page(self) -> str:
        """The control page, which may steer."""
        return f"{self.base}/{_fragment(self.token)}"

    @property
    def viewer(self) -> str:
        """The bare player, which may only watch."""
        return f"{self.base}/watch{self._view}"

    @property
    def obs_source(self) -> str:
        """The page for OBS's browser source, which may only watch."""
        return f"{self.base}/obs/source{self._view}"

    @property
    def _view(self) -> str:
        return _fragment(view_token(self.token) if self.token else "")


def plain_host(host: str) -> str:
    """Return a host without the brackets that IPv6 addresses have in a URL."""
    return host[1:-1] if host.startswith("[") and host.endswith("]") else host


def is_any(host: str) -> bool:
    """Return whether a host means all addresses of this machine."""
    return host in (*ANY_IPV4, ANY_IPV6)


def local_host(host: str) -> str:
    """Return the address at which this machine reaches a server that listens on `host`."""
    host = plain_host(host)
    return "::1" if host == ANY_IPV6 else "127.0.0.1" if is_any(host) else host


def others_hosts(host: str) -> list[str]:
    """Return the addresses of this machine that others can use, the usual one first; none for a named host."""
    if not is_any(plain_host(host)):
        return []
    families = [socket.AF_INET, socket.AF_INET6] if plain_host(host) == ANY_IPV6 else [socket.AF_INET]
    usual = [_usual_address(family) for family in families]
    found = sorted(_outward_addresses(families), key=lambda address: address not in usual)
    return found[:MAX_HOSTS]


def family_of(host: str) -> socket.AddressFamily:
    """Return whether a host is an IPv4 or an IPv6 address; a name is looked up.

    Raises: OSError for a name that stands for nothing.
    """
    return socket.getaddrinfo(host or "0.0.0.0", None, type=socket.SOCK_STREAM)[0][0]


def _fragment(token: str) -> str:
    # Behind the # a token is not sent, so not logged.
    return f"#token={quote(token, safe='')}" if token else ""


def _outward_addresses(families: list[socket.AddressFamily]) -> Iterator[str]:
    """Yield the addresses of all interfaces that are up, but those that only this machine or this cable knows."""
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    for name, addresses in psutil.net_if_addrs().items():
        for found in addresses:
            if name in up and found.family in families and _is_outward(found.address):
                yield found.address


def _is_outward(address: str) -> bool:
    ip = ip_address(address)
    return not (ip.is_loopback or ip.is_link_local)


def _usual_address(family: socket.AddressFamily) -> str:
    """Return the address that this machine shows to the internet; no packet is sent."""
    target = "2001:db8::1" if family == socket.AF_INET6 else "198.51.100.1"
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((target, 9))
        except OSError:
            return ""
        return str(probe.getsockname()[0])
