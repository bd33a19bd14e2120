"""The address a connection comes from."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.requests import HTTPConnection

SUBSCRIBER_PREFIX_BITS = 64
"""Of an IPv6 address, the part that belongs to one subscriber."""


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is this machine's loopback."""
    if host.lower() in ("localhost", "localhost."):
        return True
    address = _parse(host)
    return address is not None and address.is_loopback


def subscriber_of(host: str) -> str:
    """Return what stands for everybody behind an address: an IPv4 address, or the /64 network of an IPv6 one."""
    address = _parse(host)
    if isinstance(address, IPv6Address):
        return str(IPv6Address(int(address) >> SUBSCRIBER_PREFIX_BITS << SUBSCRIBER_PREFIX_BITS))
    return str(address or host)


def address_of(connection: HTTPConnection) -> str:
    """Return who a connection counts for; behind a proxy on this machine that is whom the proxy names."""
    return subscriber_of(connection.client.host) if connection.client else ""


def _parse(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host.removeprefix("[").removesuffix("]").partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
