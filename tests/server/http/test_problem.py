"""Tests of errors over HTTP."""

import pytest

from tests.server.conftest import House


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/", "GET, HEAD"),
        ("POST", "/watch", "GET, HEAD"),
        ("PUT", "/web/control/app.js", "GET, HEAD"),
        ("POST", "/obs/source.js", "GET, HEAD"),
        ("POST", "/healthz", "GET, HEAD"),
        ("DELETE", "/metrics", "GET, HEAD"),
        ("POST", "/api/state", "GET, HEAD"),
        ("GET", "/api/prompt", "POST"),
        ("PUT", "/api/cut", "POST"),
        ("POST", "/ws", "GET, HEAD"),
        ("OPTIONS", "/docs", "GET, HEAD"),
        ("PUT", "/whep", "GET, HEAD, OPTIONS, POST"),
        ("POST", "/whep/some", "DELETE, GET, HEAD, OPTIONS, PATCH"),
    ],
)
async def test_a_wrong_method_is_told_the_right_ones(house: House, method: str, path: str, allowed: str) -> None:
    """All of them, wherever the address leads."""
    response = await house.http.request(method, path)
    assert (response.status_code, response.headers["allow"]) == (405, allowed)
    assert (response.json()["code"], allowed in response.json()["detail"]) == ("wrong_method", True)


@pytest.mark.parametrize("path", ["/nothing", "/web/nothing.js", "/obs/../server/run.py", "/api/nothing", "/whep/a/b"])
async def test_what_is_not_there_is_a_problem(house: House, path: str) -> None:
    """In the same form as every other error."""
    response = await house.http.get(path)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert response.headers["content-type"] == "application/problem+json"


async def test_readings_can_be_asked_for_their_head(house: House) -> None:
    """HEAD is answered like GET, without content."""
    for path in ("/", "/api/state", "/api/stats", "/metrics", "/healthz"):
        response = await house.http.head(path)
        assert (response.status_code, response.content) == (200, b""), path


async def test_the_socket_by_plain_http_says_what_is_missing(house: House) -> None:
    """426 with the protocol that is wanted."""
    response = await house.http.get("/ws")
    assert (response.status_code, response.headers["upgrade"]) == (426, "websocket")


async def test_a_fault_of_ours_is_a_problem_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said to be one, without a word of Python."""

    def break_down(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("server.http.rest.stats_message", break_down)
    response = await house.http.get("/api/stats")
    assert (response.status_code, response.json()["code"]) == (500, "internal")
