"""Access control: which request has which role.

With a token, whoever shows it may steer, and whoever shows the view token made from it may watch. Without one, which
is possible on loopback only, this machine may do everything; server/http/loopback.py says what that is.
"""

import hashlib
import hmac
import time
from collections.abc import Callable
from urllib.parse import unquote

from starlette.requests import HTTPConnection

from server.control.roles import Role
from server.http.attempts import Attempts
from server.http.loopback import is_forwarded, role_on_loopback
from server.http.peer_address import address_of, is_loopback
from server.http.problem import Problem

__all__ = ["Access", "Role", "is_loopback", "view_token"]

MAX_ENCODINGS = 3


def plain_token(token: str) -> str:
    """Return a token without the percent-encoding of addresses, which may have been put on it more than once."""
    for _ in range(MAX_ENCODINGS):
        token = unquote(token)
    return token


def view_token(token: str) -> str:
    """Return the token that only allows to watch, made from the one that allows all."""
    return hmac.new(plain_token(token).encode(), b"fifo-live view", hashlib.sha256).hexdigest()[:24]


class Access:
    """Tells what a connection may do."""

    def __init__(self, token: str, clock: Callable[[], float] = time.monotonic) -> None:
        # A token means the same as it is and as addresses write it, so a printed one can be pasted anywhere.
        self._token = plain_token(token)
        self._clock = clock
        self._attempts = Attempts()

    def role(self, connection: HTTPConnection) -> Role:
        """Return what a connection may do, by its token or, where none is needed, by where it comes from."""
        if not self._token:
            return role_on_loopback(connection)
        given = _given_token(connection).encode()
        if hmac.compare_digest(given, self._token.encode()):
            return Role.STEER
        return Role.VIEW if hmac.compare_digest(given, view_token(self._token).encode()) else Role.NONE

    def require(self, connection: HTTPConnection, role: Role) -> None:
        """Let a connection pass that may do at least so much.

        Raises: Problem (401, 403 or 429).
        """
        if self._token:
            self._require_token(connection, role)
        elif self.role(connection) < role:
            raise Problem(403, "forbidden", _why_not_this_machine(connection))

    def _require_token(self, connection: HTTPConnection, role: Role) -> None:
        if not _given_token(connection):
            raise Problem(401, "token_required", "This server requires a token.", {"WWW-Authenticate": "Bearer"})
        address, now_s = address_of(connection), self._clock()
        wait_s = self._attempts.wait_s(address, now_s)
        if wait_s > 0:
            message = "Too many wrong tokens came from this address; try again in a moment."
            raise Problem(429, "too_many_attempts", message, {"Retry-After": str(int(wait_s) + 1)})
        shown = self.role(connection)
        if shown is Role.NONE:
            self._attempts.note_wrong(address, now_s)
            raise Problem(403, "forbidden", "This token is invalid.")
        if shown < role:
            raise Problem(403, "forbidden", "This token only allows watching.")


def _given_token(connection: HTTPConnection) -> str:
    scheme, _, value = connection.headers.get("authorization", "").partition(" ")
    return plain_token(value.strip() if scheme.lower() == "bearer" else connection.query_params.get("token", ""))


def _why_not_this_machine(connection: HTTPConnection) -> str:
    if is_forwarded(connection):
        return "This request came through a proxy, which requires a token (fifo-live serve --token)."
    return "This is not allowed from this page; without a token only the server's own page on this machine may do it."
