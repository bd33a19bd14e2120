"""A server somewhere, as its address is typed or pasted, and a control connection to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit, urlunsplit

from fifo_live.errors import ConfigError, EngineUnavailableError

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

CONNECT_TIMEOUT_S = 10.0
SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
PAGES = ("/ws", "/watch", "/obs/source", "/index.html")
"""Addresses of a server that people paste; the control socket lies beside them."""

TOKEN_REQUIRED, FORBIDDEN, TOO_MANY = 4401, 4403, 4429
"""Codes with which a server closes the control connection."""


@dataclass(frozen=True)
class Remote:
    """A server: the address that was given, its control socket, and the token for it."""

    url: str
    socket_url: str
    token: str
    is_near: bool

    @classmethod
    def parse(cls, url: str, token: str = "") -> "Remote":
        """Read an address as `serve` and `obs` print it, or `host:port`; a token in it is used if no other is given.

        Raises: ConfigError for an address that is none.
        """
        parts = _split(url)
        query, fragment = parse_qs(parts.query), parse_qs(parts.fragment)
        found = (query.get("token") or fragment.get("token") or [""])[0]
        path = next((parts.path.removesuffix(page) for page in PAGES if parts.path.endswith(page)), parts.path)
        socket_url = urlunsplit((SCHEMES[parts.scheme], parts.netloc, path.rstrip("/") + "/ws", "", ""))
        shown = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
        return cls(shown, socket_url, token or found, _is_near(parts.hostname or ""))

    @contextmanager
    def connection(self) -> Iterator["ClientConnection"]:
        """Open a control connection for as long as the context lasts.

        Raises: EngineUnavailableError if there is no server, or it lets nobody in with this token.
        """
        from websockets.exceptions import WebSocketException
        from websockets.sync.client import connect

        headers = {"Authorization": f"Bearer {_as_header(self.token)}"} if self.token else None
        # A server on this machine or in this network is asked directly, whatever proxies are set for the world outside.
        proxy: Literal[True] | None = None if self.is_near else True
        try:
            with connect(
                self.socket_url, additional_headers=headers, open_timeout=CONNECT_TIMEOUT_S, proxy=proxy
            ) as socket:
                yield socket
        except ImportError as error:
            raise EngineUnavailableError(
                f"The proxy that is set in the environment cannot be used: {error}."
            ) from error
        except (OSError, WebSocketException) as error:
            raise EngineUnavailableError(self._explain(error)) from error

    def _explain(self, error: Exception) -> str:
        from websockets.exceptions import ConnectionClosed, InvalidStatus

        if isinstance(error, InvalidStatus):
            status = error.response.status_code
            if status in (403, 404):
                return (
                    f"There is no control socket at {self.socket_url} (HTTP {status}); check the path of the address."
                )
            return f"{self.url} answers HTTP {status}; it wants no control connection now."
        code = error.rcvd.code if isinstance(error, ConnectionClosed) and error.rcvd else 0
        if code == TOKEN_REQUIRED:
            return f"{self.url} wants a token: give the one that `fifo-live serve` prints with --token."
        if code == FORBIDDEN:
            return (
                f"{self.url} refuses this token; give the one to steer, which `fifo-live serve` prints, with --token."
            )
        if code == TOO_MANY:
            return f"{self.url} has seen too many wrong tokens from this address; try again in a moment."
        return f"There is no answer from {self.url}: {str(error) or type(error).__name__}."


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        is_address = bool(parts.scheme in SCHEMES and parts.hostname and parts.port != 0)
    except ValueError as error:
        raise ConfigError(f"{url!r} is no address of a server: {error}.") from error
    if not is_address or any(character.isspace() for character in parts.netloc):
        raise ConfigError(f"{url!r} is no address of a server; it is written like http://127.0.0.1:8765.")
    return parts


def _as_header(token: str) -> str:
    """Return a token as a header can carry it; what it cannot is percent-encoded."""
    return token if token.isascii() and token.isprintable() else quote(unquote(token), safe="")


def _is_near(host: str) -> bool:
    if host.rstrip(".").lower() == "localhost" or "." not in host and ":" not in host:
        return True
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host.lower().endswith((".local", ".localhost", ".lan"))
    return address.is_private or address.is_link_local
