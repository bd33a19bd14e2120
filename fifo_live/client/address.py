"""Addresses of a server, made from the one that a user typed or pasted."""

from urllib.parse import unquote, urlsplit, urlunsplit

_SOCKET_SCHEMES = {"http": "ws", "https": "wss"}
_PAGES = ("/ws", "/watch", "/obs/source", "/obs/dock", "/whep")


def server_address(url: str) -> tuple[str, str]:
    """Return the server's root address without a slash at its end, and the token in `url`, empty if there is none.

    Takes what the server prints and what a browser shows: with or without a scheme, with the path of a page, with
    `#token=` or `?token=`.

    Raises: ValueError for what is no address.
    """
    parts = urlsplit(url if "://" in url else f"http://{url}")
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
    if scheme not in _SOCKET_SCHEMES or not parts.hostname:
        raise ValueError(f"{url!r} is not the address of a server; write it as http://HOST:PORT.")
    path = parts.path.rstrip("/")
    page = next((page for page in _PAGES if path.endswith(page)), "")
    given = dict(pair.partition("=")[::2] for pair in f"{parts.query}&{parts.fragment}".split("&"))
    return urlunsplit((scheme, parts.netloc, path.removesuffix(page), "", "")), unquote(given.get("token", ""))


def socket_address(root: str) -> str:
    """Return the address of the control socket below a server's root address."""
    parts = urlsplit(root)
    return urlunsplit((_SOCKET_SCHEMES[parts.scheme], parts.netloc, parts.path + "/ws", "", ""))
