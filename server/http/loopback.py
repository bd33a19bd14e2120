"""Decides which requests count as "this machine", where no token is needed."""

import re
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from server.control.roles import Role
from server.http.peer_address import is_loopback

Origin = tuple[str, str, int]

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HTTP_SCHEMES = {"http": "http", "ws": "http", "https": "https", "wss": "https"}
_PROXY_HEADER = re.compile(
    r"via|forwarded|cdn-loop|front-end-https|x-(scheme|host|nginx-proxy)"
    r"|(.*-)?((client|connecting|real|remote|user)-ip|remote-addr)"
    r"|(x-forwarded|x-original|x-proxy|x-envoy|x-azure|x-amzn|x-appengine|x-arr|x-vercel|cf|fastly|fly|tailscale)(-.*)?"
)
"""The names of headers that proxies, tunnels and content networks add to what they pass on."""


def is_forwarded(connection: HTTPConnection) -> bool:
    """Return whether a header shows that somebody has passed the request on, for whomever."""
    return any(_PROXY_HEADER.fullmatch(name) for name in connection.headers)


def role_on_loopback(connection: HTTPConnection) -> Role:
    """Return what a connection without a token may do.

    Programs of this machine and the server's own page may do everything. Other pages of this machine, and files that
    a browser or OBS has opened, may watch. Nobody else may do anything: no site elsewhere, also not under a name that
    was made to point here (DNS rebinding), and nothing that came through a proxy.
    """
    own = _own_origin(connection)
    if own is None or not _is_from_this_machine(connection):
        return Role.NONE
    origin = connection.headers.get("origin")
    if origin is None:
        return Role.STEER if connection.headers.get("sec-fetch-site", "none") in _OWN_SITES else Role.NONE
    if origin == "null":  # A file; but also a sandboxed frame of any page.
        return Role.VIEW
    asking = _parse_origin(origin)
    if asking == own:
        return Role.STEER
    return Role.VIEW if asking is not None and is_loopback(asking[1]) else Role.NONE


_OWN_SITES = ("none", "same-origin")


def _is_from_this_machine(connection: HTTPConnection) -> bool:
    client = connection.client
    return not is_forwarded(connection) and (client is None or is_loopback(client.host))


def _own_origin(connection: HTTPConnection) -> Origin | None:
    """Return the origin of our page under the name that was asked for; None if that name is not loopback's."""
    hosts = connection.headers.getlist("host")
    scheme = _HTTP_SCHEMES.get(connection.scope.get("scheme", "http"), "http")
    own = _parse_origin(f"{scheme}://{hosts[0]}") if len(hosts) == 1 else None
    return own if own is not None and is_loopback(own[1]) else None


def _parse_origin(text: str) -> Origin | None:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    is_bare = not (parts.path or parts.query or parts.fragment) and "@" not in parts.netloc
    if not is_bare or not parts.hostname or parts.scheme not in _DEFAULT_PORTS:
        return None
    return parts.scheme, parts.hostname, _DEFAULT_PORTS[parts.scheme] if port is None else port
