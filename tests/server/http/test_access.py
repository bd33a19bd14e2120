"""Tests of who may do what."""

from urllib.parse import quote

import pytest
from starlette.requests import HTTPConnection

from server.http.access import Access, Role, view_token
from server.http.attempts import BURST
from server.http.problem import Problem


def connection(query: str = "", client: str = "127.0.0.1", **headers: str) -> HTTPConnection:
    raw = [(name.encode(), value.encode()) for name, value in {"host": "127.0.0.1:8765", **headers}.items()]
    return HTTPConnection({"type": "http", "headers": raw, "query_string": query.encode(), "client": (client, 50000)})


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
    assert Access("secret").role(connection(query, **headers)) is expected


@pytest.mark.parametrize("token", ["a b", "50%41x", "a%20b", "ä&#?", "a+b/c="])
def test_a_token_counts_as_it_is_and_as_addresses_write_it(token: str) -> None:
    """What is printed percent-encoded may be pasted wherever a token is wanted, and means the same server's token."""
    written = quote(token, safe="")
    gate = Access(token)
    for shown in (token, written):
        assert gate.role(connection(f"token={quote(shown, safe='')}")) is Role.STEER
    assert view_token(token) == view_token(written)


def refusal(gate: Access, token: str, client: str = "203.0.113.7", role: Role = Role.VIEW) -> int:
    """Return the status that a token gets from an address; 0 if it is let in."""
    try:
        gate.require(connection(f"token={token}", client), role)
    except Problem as problem:
        return problem.status
    return 0


def test_tokens_cannot_be_guessed_fast() -> None:
    """An address with many wrong tokens has to wait, whatever it shows; time gives it single attempts."""
    now_s = 1000.0
    gate = Access("secret", lambda: now_s)
    assert [refusal(gate, f"guess{number}") for number in range(BURST + 5)] == [403] * BURST + [429] * 5
    assert refusal(gate, "secret") == 429
    now_s += 1.01
    assert [refusal(gate, "another"), refusal(gate, "another")] == [403, 429]
    now_s += 1.01
    assert refusal(gate, "secret") == 0


def test_guesses_lock_out_nobody_else() -> None:
    """Whoever shows the right token from another address is let in meanwhile, and right tokens cost nothing."""
    gate = Access("secret", lambda: 1000.0)
    for number in range(2 * BURST):
        refusal(gate, f"guess{number}")
    assert [refusal(gate, "secret", "203.0.113.8") for _ in range(2 * BURST)] == [0] * 2 * BURST
    view = view_token("secret")
    assert [refusal(gate, view, "203.0.113.9", Role.STEER) for _ in range(2 * BURST)] == [403] * 2 * BURST


def test_a_refusal_says_why() -> None:
    """A wrong token, one that only watches, a foreign page and a proxy each have their own sentence."""
    cases = [
        (Access("secret"), connection(), "requires a token"),
        (Access("secret"), connection("token=x"), "token is invalid"),
        (Access("secret"), connection(f"token={view_token('secret')}"), "only allows watching"),
        (Access(""), connection(origin="http://evil.example"), "from this page"),
        (Access(""), connection(via="1.1 proxy"), "through a proxy"),
    ]
    for gate, asking, words in cases:
        with pytest.raises(Problem, match=words):
            gate.require(asking, Role.STEER)
