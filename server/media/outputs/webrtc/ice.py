"""Local ICE candidates: the addresses that are offered to viewers."""

import re
from collections.abc import Sequence
from ipaddress import ip_address

import ifaddr

_HOST_CANDIDATE = re.compile(r"a=candidate:(\S+) (\d+) udp (\d+) (\S+) (\d+) typ host\b.*")


def machine_addresses(*, ipv4: bool = True, ipv6: bool = True) -> list[str]:
    """Return all addresses of this machine, loopback included, those that need a scope left out."""
    ips = [ip for adapter in ifaddr.get_adapters() for ip in adapter.ips]
    v4 = [ip.ip for ip in ips if isinstance(ip.ip, str)] if ipv4 else []
    v6 = [ip.ip[0] for ip in ips if isinstance(ip.ip, tuple) and ip.ip[2] == 0] if ipv6 else []
    return v4 + v6


def is_loopback(address: str) -> bool:
    """Return whether an address is a machine's own loopback."""
    return ip_address(address).is_loopback


def is_of_this_machine(address: str) -> bool:
    """Return whether somebody with this address is on this machine."""
    try:
        known = ip_address(address)
    except ValueError:
        return False
    known = getattr(known, "ipv4_mapped", None) or known
    return known.is_loopback or str(known) in machine_addresses()


def local_addresses(configured: Sequence[str], *, ipv4: bool, ipv6: bool) -> list[str]:
    """Return the addresses to listen on: those configured that this machine has, or all if it has none of them."""
    own = machine_addresses(ipv4=ipv4, ipv6=ipv6)
    return [address for address in own if address in configured] or own


def with_public_addresses(sdp: str, configured: Sequence[str]) -> str:
    """Return an answer whose candidates name the configured addresses that are translated to this machine's.

    Each of them stands beside ours with the same port: the usual one-to-one translation of clouds.
    """
    own = machine_addresses()
    public = [address for address in configured if address not in own]
    lines: list[str] = []
    for line in sdp.splitlines():
        lines.append(line)
        if match := _HOST_CANDIDATE.fullmatch(line):
            lines += [_moved(match, address, number) for number, address in enumerate(public)]
    return "\r\n".join(lines) + "\r\n"


def _moved(match: re.Match[str], address: str, number: int) -> str:
    foundation, component, priority, _, port = match.groups()
    # A little less than our own, so that a viewer beside us does not take the way around.
    lower = int(priority) - 256 * (number + 1)
    return f"a=candidate:{foundation}p{number} {component} udp {lower} {address} {port} typ host"
