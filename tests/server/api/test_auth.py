"""Tests of who may do what."""

import pytest
from starlette.requests import HTTPConnection

from server.api.auth import Gate, Role, is_loopback, view_token


def role(token: str = "", query: str = "", **headers: str) -> Role:
    raw = [(name.encode(), value.encode()) for name, value in {"host": "127.0.0.1:8765", **headers}.items()]
    return Gate(token).role(HTTPConnection({"type": "http", "headers": raw, "query_string": query.encode()}))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, Role.STEER),
        ({"host": "localhost:1"}, Role.STEER),
        ({"host": "[::1]:8765"}, Role.STEER),
        ({"host": "evil.example"}, Role.NONE),
        ({"host": "127.0.0.1.evil.example"}, Role.NONE),
        ({"host": ""}, Role.NONE),
        ({"host": "[nonsense"}, Role.NONE),
        ({"origin": "http://127.0.0.1:8765"}, Role.STEER),
        ({"origin": "http://localhost:3000"}, Role.STEER),
        ({"origin": "https://evil.example"}, Role.NONE),
        ({"origin": "http://localhost.evil.example"}, Role.NONE),
        ({"origin": "null"}, Role.VIEW),
        ({"origin": ""}, Role.NONE),
    ],
)
def test_without_a_token_it_counts_where_one_comes_from(headers: dict[str, str], expected: Role) -> None:
    """This machine may do everything, other sites nothing, files may look."""
    assert role(**headers) is expected


@pytest.mark.parametrize(
    ("headers", "query", "expected"),
    [
        ({"authorization": "Bearer secret"}, "", Role.STEER),
        ({"authorization": "bearer  secret "}, "", Role.STEER),
        ({}, "token=secret", Role.STEER),
        ({"origin": "https://elsewhere.example", "host": "stream.example"}, "token=secret", Role.STEER),
        ({"authorization": "Bearer wrong"}, "token=secret", Role.NONE),
        ({"authorization": "Basic secret"}, "", Role.NONE),
        ({}, "", Role.NONE),
        ({}, "token=", Role.NONE),
        ({}, "token=secre", Role.NONE),
        ({}, f"token={view_token('secret')}", Role.VIEW),
        ({}, "token=%F0%9F%99%82", Role.NONE),
    ],
)
def test_with_a_token_only_the_token_counts(headers: dict[str, str], query: str, expected: Role) -> None:
    """The header goes before the query; the view token opens less."""
    assert role("secret", query, **headers) is expected


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]", "LOCALHOST"])
def test_loopback_is_known(host: str) -> None:
    """By its names and addresses."""
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.1", "example.org", "", "::"])
def test_what_is_not_loopback_is_known(host: str) -> None:
    """Also what only looks harmless."""
    assert not is_loopback(host)
