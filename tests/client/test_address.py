"""Facts about the addresses of servers that people type and paste."""

import pytest

from fifo_live.client.address import Address
from fifo_live.errors import ConfigError
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
        ("http://127.0.0.1:8765/whep", "ws://127.0.0.1:8765/ws"),
        ("http://127.0.0.1:8765/index.html", "ws://127.0.0.1:8765/ws"),
    ],
)
def test_the_control_socket_lies_beside_what_was_given(url: str, socket_url: str) -> None:
    """A host and a port, a page, or the socket itself: each leads to the same socket."""
    assert Address.parse(url).socket_url == socket_url


@pytest.mark.parametrize("token", ["secret", "a b", "[/red]", "50%41x", "a+b/c=", "ä&#?", "a%20b"])
def test_an_address_that_was_printed_can_be_pasted(token: str) -> None:
    """The token in it is the one that the server was given."""
    entrance = Entrance("192.0.2.7", 8765, token)
    address = Address.parse(entrance.page)
    assert address.token == token
    assert address.socket_url == "ws://192.0.2.7:8765/ws"
    assert Address.parse(entrance.viewer).token == Address.parse(entrance.obs_source).token != ""


def test_a_token_that_is_given_counts_more_than_that_of_the_address() -> None:
    """--token wins; one in the query is found as well as one in the fragment."""
    assert Address.parse("http://a:1/?token=x", "y").token == "y"
    assert Address.parse("http://a:1/?token=x").token == "x"
    assert "token" not in Address.parse("http://a:1/?token=x#token=y").root


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
    with pytest.raises(ConfigError, match="is not the address of a server"):
        Address.parse(url)


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
    assert Address.parse(f"http://{host}:8765").is_near == is_near


def test_a_header_carries_any_token() -> None:
    """What a header cannot hold is percent-encoded once, also if it was already."""
    assert Address.parse("a:1", "a b/c").headers == {"Authorization": "Bearer a b/c"}
    assert Address.parse("a:1", "ä").headers == Address.parse("a:1/#token=%C3%A4").headers
    assert Address.parse("a:1", "ä").headers == {"Authorization": "Bearer %C3%A4"}
    assert Address.parse("a:1").headers == {}


@pytest.mark.parametrize("url", ["wss://example.org/live/ws", "https://example.org/live/watch#token=x"])
def test_the_root_is_what_other_paths_lie_below(url: str) -> None:
    """It has a scheme of pages, no page, no slash at its end and no token."""
    assert Address.parse(url).root == "https://example.org/live"
