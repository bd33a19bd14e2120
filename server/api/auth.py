"""Who may do what.

With a token, whoever shows it may steer, and whoever shows the view token made from it may watch. Without one, which
is possible on loopback only, everybody on this machine may do everything, but not a web page from elsewhere that this
machine's browser has open.
"""

import hashlib
import hmac
from enum import IntEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from server.api.problem import Problem


class Role(IntEnum):
    """What somebody may do; each includes those before it."""

    NONE = 0
    VIEW = 1
    STEER = 2


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is this machine's loopback."""
    if host.lower() in ("localhost", "localhost."):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def view_token(token: str) -> str:
    """Return the token that only allows to watch, made from the one that allows all."""
    return hmac.new(token.encode(), b"fifo-live view", hashlib.sha256).hexdigest()[:24]


class Gate:
    """Tells what a connection may do."""

    def __init__(self, token: str) -> None:
        self._token = token

    def role(self, connection: HTTPConnection) -> Role:
        """Return what a connection may do, by its token or, where none is needed, by where it comes from."""
        if not self._token:
            return _role_on_loopback(connection)
        given = _given_token(connection).encode()
        if hmac.compare_digest(given, self._token.encode()):
            return Role.STEER
        return Role.VIEW if hmac.compare_digest(given, view_token(self._token).encode()) else Role.NONE

    def require(self, connection: HTTPConnection, role: Role) -> None:
        """Let a connection pass that may do at least so much.

        Raises: Problem (401 or 403).
        """
        if self.role(connection) >= role:
            return
        if self._token and not _given_token(connection):
            raise Problem(401, "token_required", "This server wants a token.", {"WWW-Authenticate": "Bearer"})
        raise Problem(403, "forbidden", "This is not allowed with this token or from this page.")


def _given_token(connection: HTTPConnection) -> str:
    scheme, _, value = connection.headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else connection.query_params.get("token", "")


def _role_on_loopback(connection: HTTPConnection) -> Role:
    # A page whose name was made to point here (DNS rebinding) shows itself by the name it asks for.
    if not is_loopback(_host_of("//" + connection.headers.get("host", ""))):
        return Role.NONE
    origin = connection.headers.get("origin")
    if origin is None or is_loopback(_host_of(origin)):
        return Role.STEER
    # A file opened in OBS or a browser has the origin "null", but so has a sandboxed frame of any page.
    return Role.VIEW if origin == "null" else Role.NONE


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
