"""Tests of what counts as this machine where there is no token."""

import re
from pathlib import Path

import pytest
from starlette.requests import HTTPConnection

from server.control.roles import Role
from server.http.loopback import role_on_loopback

Client = tuple[str, int] | None
HERE: Client = ("127.0.0.1", 50000)


def role(headers: dict[str, str], client: Client = HERE, scheme: str = "http") -> Role:
    raw = [(name.encode(), value.encode()) for name, value in ({"host": "127.0.0.1:8765"} | headers).items()]
    return role_on_loopback(HTTPConnection({"type": "http", "scheme": scheme, "headers": raw, "client": client}))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, Role.STEER),
        ({"host": "localhost:1"}, Role.STEER),
        ({"host": "localhost"}, Role.STEER),
        ({"host": "[::1]:8765"}, Role.STEER),
        ({"host": "evil.example"}, Role.NONE),
        ({"host": "evil.example:8765"}, Role.NONE),
        ({"host": "127.0.0.1.evil.example"}, Role.NONE),
        ({"host": "127.0.0.1@evil.example"}, Role.NONE),
        ({"host": "evil.example@127.0.0.1"}, Role.NONE),
        ({"host": "127.0.0.1:8765/evil.example"}, Role.NONE),
        ({"host": "127.0.0.1:port"}, Role.NONE),
        ({"host": "192.168.0.1"}, Role.NONE),
        ({"host": ""}, Role.NONE),
        ({"host": "[nonsense"}, Role.NONE),
    ],
)
def test_the_name_that_is_asked_for_is_loopbacks(headers: dict[str, str], expected: Role) -> None:
    """A name that was made to point here shows itself in the Host header."""
    assert role(headers) is expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"origin": "http://127.0.0.1:8765"}, Role.STEER),
        ({"host": "localhost", "origin": "http://localhost"}, Role.STEER),
        ({"host": "localhost:80", "origin": "http://localhost"}, Role.STEER),
        ({"host": "[::1]:8765", "origin": "http://[::1]:8765"}, Role.STEER),
        ({"origin": "http://127.0.0.1:3000"}, Role.VIEW),
        ({"origin": "http://localhost:3000"}, Role.VIEW),
        ({"origin": "http://localhost:8765"}, Role.VIEW),
        ({"origin": "https://127.0.0.1:8765"}, Role.VIEW),
        ({"origin": "http://127.0.0.1"}, Role.VIEW),
        ({"origin": "null"}, Role.VIEW),
        ({"origin": "https://evil.example"}, Role.NONE),
        ({"origin": "http://localhost.evil.example"}, Role.NONE),
        ({"origin": "http://127.0.0.1:8765@evil.example"}, Role.NONE),
        ({"origin": "http://evil.example@127.0.0.1:8765"}, Role.NONE),
        ({"origin": "chrome-extension://abcdef"}, Role.NONE),
        ({"origin": "file://"}, Role.NONE),
        ({"origin": ""}, Role.NONE),
    ],
)
def test_only_the_servers_own_page_may_steer(headers: dict[str, str], expected: Role) -> None:
    """Its own page is of the same scheme, name and port; other pages of this machine and files may look."""
    assert role(headers) is expected


@pytest.mark.parametrize(
    ("site", "expected"),
    [("none", Role.STEER), ("same-origin", Role.STEER), ("same-site", Role.NONE), ("cross-site", Role.NONE)],
)
def test_a_browser_says_on_whose_behalf_it_asks(site: str, expected: Role) -> None:
    """What another site makes a browser ask for is refused also where the browser names no origin."""
    assert role({"sec-fetch-site": site}) is expected


@pytest.mark.parametrize(
    "name",
    [
        "x-forwarded-for",
        "x-forwarded-proto",
        "x-forwarded-host",
        "x-forwarded-anything",
        "x-forwarded",
        "x-real-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-original-forwarded-for",
        "forwarded",
        "via",
        "cf-connecting-ip",
        "cf-ray",
        "cdn-loop",
        "true-client-ip",
        "fastly-client-ip",
        "fly-client-ip",
        "x-envoy-external-address",
        "tailscale-user-login",
    ],
)
@pytest.mark.parametrize("origin", [{}, {"origin": "http://127.0.0.1:8765"}, {"origin": "null"}])
def test_what_came_through_a_proxy_is_not_this_machine(name: str, origin: dict[str, str]) -> None:
    """One such header is enough, whatever it says."""
    assert role(origin | {name: "127.0.0.1"}) is Role.NONE
    assert role(origin | {name: ""}) is Role.NONE


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        (("127.0.0.1", 1), Role.STEER),
        (("::1", 1), Role.STEER),
        (("::ffff:127.0.0.1", 1), Role.STEER),
        (None, Role.STEER),
        (("192.168.0.5", 1), Role.NONE),
        (("::ffff:192.168.0.5", 1), Role.NONE),
    ],
)
def test_the_other_end_is_this_machine(client: Client, expected: Role) -> None:
    """Also an address of IPv4 written as one of IPv6 is known; a connection without one is of this machine."""
    assert role({}, client) is expected


def test_a_request_names_one_host() -> None:
    """Two names, or none, are nobody's."""
    for hosts in ([], [b"127.0.0.1", b"evil.example"]):
        scope = {"type": "http", "headers": [(b"host", host) for host in hosts], "client": ("127.0.0.1", 1)}
        assert role_on_loopback(HTTPConnection(scope)) is Role.NONE


def test_a_socket_has_the_origin_of_its_page() -> None:
    """The scheme of a WebSocket counts as that of the page."""
    assert role({"origin": "http://127.0.0.1:8765"}, scheme="ws") is Role.STEER


def test_the_documented_proxy_shows_itself(root: Path) -> None:
    """The example for nginx comes with a token, replaces what a client says of itself and passes WebSockets on."""
    text = (root / "docs" / "operations.md").read_text(encoding="utf-8")
    section = text[text.index("### Behind a proxy") : text.index("## Watching over it")]
    sent = dict(re.findall(r"proxy_set_header (\S+) +(\S+);", section))
    assert "fifo-live serve --token" in section
    assert (sent["X-Forwarded-For"], sent["X-Real-IP"], sent["Host"]) == ("$remote_addr", "$remote_addr", "$host")
    assert (sent["Upgrade"], sent["Connection"]) == ("$http_upgrade", "$connection_upgrade")
    passed_on = {name.lower(): "127.0.0.1" for name in sent if name.startswith("X-")}
    assert all(role({name: value}) is Role.NONE for name, value in passed_on.items())
