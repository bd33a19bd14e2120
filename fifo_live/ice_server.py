"""STUN and TURN servers (RFC 7064, RFC 7065), parsed from one line of the configuration."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from fifo_live.errors import ConfigError

_FORM = "'stun:host:port' or 'turn:name:password@host:port'"
_PLACE = re.compile(r"(?P<host>[0-9A-Za-z._-]+)(?::(?P<port>[0-9]{1,5}))?(?:\?transport=(?P<transport>\w+))?")
_CREDENTIALS = re.compile(r"(?P<username>[0-9]+:[^:]+|[^:]+):(?P<credential>.+)")
"""A name may be `timestamp:user`, as the servers expect it that give names for a while."""

_TRANSPORTS = {"stun": (None,), "turn": (None, "udp", "tcp"), "turns": (None, "tcp")}


@dataclass(frozen=True)
class IceServer:
    """A STUN or TURN server; written `stun:host:port` or `turn:name:password@host:port`."""

    url: str
    username: str = ""
    credential: str = ""

    @classmethod
    def parse(cls, text: str) -> "IceServer":
        """Return what a line names; in name and password %3A stands for a colon, and so on.

        Raises: ConfigError for what is no such server, or one that we could not ask.
        """
        scheme, _, rest = text.partition(":")
        credentials, _, place = rest.rpartition("@")
        if scheme not in _TRANSPORTS or (credentials and scheme == "stun"):
            raise ConfigError(f"{text!r} is not a STUN or TURN server; the form is {_FORM}.")
        if place.startswith("["):
            raise ConfigError(
                f"{text!r} is an IPv6 address, which is not supported here; give a name or an IPv4 address."
            )
        return cls(_url(text, scheme, place), *_read_credentials(text, credentials, has_any="@" in rest))

    def link(self, *, with_secrets: bool) -> str:
        """Return it as a Link header, as WHIP (RFC 9725, section 4.6) writes them."""
        link = f'<{self.url}>; rel="ice-server"'
        if with_secrets and self.username:
            name, credential = _quoted(self.username), _quoted(self.credential)
            link += f'; username="{name}"; credential="{credential}"; credential-type="password"'
        return link


def _url(text: str, scheme: str, place: str) -> str:
    match = _PLACE.fullmatch(place)
    if match is None or not 1 <= int(match["port"] or 1) <= 65535:
        raise ConfigError(f"{text!r} is not a STUN or TURN server; the form is {_FORM}.")
    if match["transport"] not in _TRANSPORTS[scheme]:
        raise ConfigError(f"{text!r} has an unsupported transport; turn: takes udp and tcp, turns: takes tcp.")
    return f"{scheme}:{place}"


def _read_credentials(text: str, credentials: str, *, has_any: bool) -> tuple[str, str]:
    if not has_any:
        return "", ""
    match = _CREDENTIALS.fullmatch(credentials)
    if match is None:
        raise ConfigError(f"{text!r} has no name and password before the @; the form is {_FORM}.")
    return unquote(match["username"]), unquote(match["credential"])


def _quoted(text: str) -> str:
    """Return a text as it stands between quotes in a header (RFC 9110, section 5.6.4)."""
    return text.replace("\\", "\\\\").replace('"', '\\"')
