"""Tests of the headers that protect people who have a page open."""

import pytest

from tests.server.conftest import House


@pytest.mark.parametrize("path", ["/", "/docs", "/web/index.html", "/api/state", "/nothing/here", "/healthz"])
async def test_the_control_page_cannot_be_framed(house: House, path: str) -> None:
    """Neither it nor anything else that is not meant for it is shown in frames of other sites."""
    headers = (await house.http.get(path)).headers
    assert headers["content-security-policy"] == "frame-ancestors 'self'"
    assert headers["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize("path", ["/watch", "/obs/source", "/obs/loader.html", "/obs/dock"])
async def test_what_watches_can_be_framed(house: House, path: str) -> None:
    """The viewer and the overlay are meant to be put into other pages."""
    headers = (await house.http.get(path)).headers
    assert "content-security-policy" not in headers and "x-frame-options" not in headers


@pytest.mark.parametrize(
    "path", ["/", "/watch", "/obs/source", "/web/control/app.js", "/api/stats", "/metrics", "/nothing"]
)
async def test_browsers_guess_and_tell_nothing(house: House, path: str) -> None:
    """No type is guessed, no address is passed on, and the server does not say what it is made of."""
    headers = (await house.http.get(path)).headers
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
    assert "server" not in headers


async def test_figures_are_not_kept(house: House) -> None:
    """No cache keeps what was true a moment ago."""
    assert (await house.http.get("/api/state")).headers["cache-control"] == "no-store"
