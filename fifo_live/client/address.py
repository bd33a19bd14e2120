"""Addresses of a server, made from the one that a user typed or pasted."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit, urlunsplit

from fifo_live.errors import ConfigError

SOCKET_SCHEMES = {"http": "ws", "https": "wss"}
PAGE_SCHEMES = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
PAGES = ("/ws", "/watch", "/obs/source", "/index.html", "/whep")
"""What people paste of a server; its root lies above them."""


@dataclass(frozen=True)
class Address:
    """A server: its root address without a slash at the end, its control socket, and the token for it.

    One that `is_near`, on this machine or in its network, is asked without a proxy.
    """

    root: str
    socket_url: str
    token: str
    is_near: bool

    @classmethod
    def parse(cls, url: str, token: str = "") -> "Address":
        """Read an address as `serve` and `obs` print it and browsers show it, or `host:port`.

        A token in it is used if no other is given. Raises: ConfigError for what is no address.
        """
        parts = _split(url)
        query, fragment = parse_qs(parts.query), parse_qs(parts.fragment)
        found = (query.get("token") or fragment.get("token") or [""])[0]
        path = next((parts.path.removesuffix(page) for page in PAGES if parts.path.endswith(page)), parts.path)
        scheme, path = PAGE_SCHEMES[parts.scheme], path.rstrip("/")
        root = urlunsplit((scheme, parts.netloc, path, "", ""))
        socket_url = urlunsplit((SOCKET_SCHEMES[scheme], parts.netloc, path + "/ws", "", ""))
        return cls(root, socket_url, token or found, _is_near(parts.hostname or ""))

    @property
    def headers(self) -> dict[str, str]:
        """The headers that show the token; what a header cannot carry is percent-encoded."""
        plain = self.token.isascii() and self.token.isprintable()
        shown = self.token if plain else quote(unquote(self.token), safe="")
        return {"Authorization": f"Bearer {shown}"} if self.token else {}


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        is_address = bool(parts.scheme in PAGE_SCHEMES and parts.hostname and parts.port != 0)
    except ValueError as error:
        raise ConfigError(f"{url!r} is not the address of a server: {error}.") from error
    if not is_address or any(character.isspace() for character in parts.netloc):
        raise ConfigError(f"{url!r} is not the address of a server; write it like http://127.0.0.1:8765.")
    return parts


def _is_near(host: str) -> bool:
    if host.rstrip(".").lower() == "localhost" or "." not in host and ":" not in host:
        return True
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host.lower().endswith((".local", ".localhost", ".lan"))
    return address.is_private or address.is_link_local
