"""ICE candidates of viewers (RFC 8839): which are tried, and how many."""

import re
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address

from aiortc import RTCIceCandidate

MAX_CANDIDATES = 30
MAX_LOOKED_AT = 300
LOWEST_PORT = 1024
"""Below are services: of them none is a viewer's, and none shall be asked on behalf of a stranger."""

_CANDIDATE = re.compile(
    r"(?P<foundation>[0-9A-Za-z+/]{1,32}) (?P<component>[0-9]{1,3}) (?P<transport>\S{1,8}) (?P<priority>[0-9]{1,10})"
    r" (?P<address>[0-9A-Fa-f:.]{2,45}) (?P<port>[0-9]{1,5}) typ (?P<kind>host|srflx|prflx|relay)(?: .*)?"
)


def read_candidate(value: str) -> RTCIceCandidate | None:
    """Return a candidate that can be asked over UDP; None for any other, names (mDNS) included.

    A viewer behind a name is found all the same: it asks us, and is answered where it asked from.
    """
    match = _CANDIDATE.fullmatch(value)
    if match is None or match["component"] != "1" or match["transport"].lower() != "udp":
        return None
    port, address = int(match["port"]), read_address(match["address"])
    if address is None or not LOWEST_PORT <= port <= 65535 or not 0 < int(match["priority"]) < 2**31:
        return None
    kind = "srflx" if match["kind"] == "prflx" else match["kind"]
    return RTCIceCandidate(1, match["foundation"], str(address), port, int(match["priority"]), "udp", kind)


def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address of one machine; None for those of none or of many."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None or address.is_link_local or address.is_site_local:
            return None
    elif address.packed[0] == 0:
        return None
    is_one = not (address.is_multicast or address.is_unspecified or (address.is_reserved and not address.is_loopback))
    return address if is_one else None


class CandidateBudget:
    """The candidates that one session may have, over its offer and all that follows; each counts once."""

    def __init__(self, is_allowed: Callable[[str], bool] = lambda address: True) -> None:
        self._is_allowed = is_allowed
        self._taken: set[tuple[str, int]] = set()
        self._num_looked_at = 0

    def take(self, values: Iterable[str]) -> list[RTCIceCandidate]:
        """Return the candidates that are new, can be asked, and are within the budget."""
        taken = []
        for value in values:
            if len(self._taken) >= MAX_CANDIDATES or self._num_looked_at >= MAX_LOOKED_AT:
                break
            self._num_looked_at += 1
            candidate = read_candidate(value)
            if candidate is None or (candidate.ip, candidate.port) in self._taken:
                continue
            if self._is_allowed(candidate.ip):
                self._taken.add((candidate.ip, candidate.port))
                taken.append(candidate)
        return taken
