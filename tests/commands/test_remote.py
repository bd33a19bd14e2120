"""Facts about the addresses of servers that people type and paste."""

import pytest

from fifo_live.commands.remote import Remote
from fifo_live.errors import ConfigError, EngineUnavailableError
from server.http.addresses import Entrance


@pytest.mark.parametrize(
    ("url", "socket_url"),
    [
        ("127.0.0.1:8765", "ws://127.0.0.1:8765/ws"),
        ("http://127.0.0.1:8765", "ws://127.0.0.1:8765/ws"),
        ("http://127.0.0.1:8765/", "ws://127.0.0.1:8765/ws"),
        ("https://example.org/stage/", "wss://example.org/stage/ws"),
        ("ws://example.org/ws", "ws://example.org/ws"),
        ("http://[fd12::5]:8765/watch", "ws://[fd12::5]:8765/ws"),
        ("http://example.org/live/obs/source", "ws://example.org/live/ws"),
    ],
)
def test_the_control_socket_lies_beside_what_was_given(url: str, socket_url: str) -> None:
    """A host and a port, a page, or the socket itself: each leads to the same socket."""
    assert Remote.parse(url).socket_url == socket_url


@pytest.mark.parametrize("token", ["secret", "a b", "[/red]", "50%41x", "a+b/c=", "ä&#?", "a%20b"])
def test_an_address_that_was_printed_can_be_pasted(token: str) -> None:
    """The token in it is the one that the server was given."""
    entrance = Entrance("192.0.2.7", 8765, token)
    remote = Remote.parse(entrance.page)
    assert remote.token == token
    assert remote.socket_url == "ws://192.0.2.7:8765/ws"
    assert Remote.parse(entrance.viewer).token == Remote.parse(entrance.obs_source).token != ""


def test_a_token_that_is_given_counts_more_than_that_of_the_address() -> None:
    """--token wins; one in the query is found as well as one in the fragment."""
    assert Remote.parse("http://a:1/?token=x", "y").token == "y"
    assert Remote.parse("http://a:1/?token=x").token == "x"
    assert "token" not in Remote.parse("http://a:1/?token=x#token=y").url


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:99999",
        "http://[::1:80",
        "http://127.0.0.1:0",
        "http://",
        "",
        "ftp://a",
        "file:///etc",
        "a b:1",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    """One sentence names what was given."""
    with pytest.raises(ConfigError, match="is no address of a server"):
        Remote.parse(url)


@pytest.mark.parametrize(
    ("host", "is_near"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("[::1]", True),
        ("192.168.1.5", True),
        ("studio", True),
        ("studio.local", True),
        ("[fe80::1%25eth0]", True),
        ("example.org", False),
        ("8.8.8.8", False),
    ],
)
def test_a_server_nearby_is_asked_without_a_proxy(host: str, is_near: bool) -> None:
    """This machine and private networks are near; the world is not."""
    assert Remote.parse(f"http://{host}:8765").is_near == is_near


def test_a_proxy_that_cannot_be_used_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A SOCKS proxy that needs a package we do not bring is told, not raised as an ImportError."""
    monkeypatch.setenv("socks_proxy", "socks5://127.0.0.1:1080")
    monkeypatch.setenv("all_proxy", "socks5://127.0.0.1:1080")
    with pytest.raises(EngineUnavailableError, match="proxy"), Remote.parse("http://8.8.8.8:1").connection():
        pass
