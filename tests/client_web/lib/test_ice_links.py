"""Facts about the ICE servers in a Link header (RFC 8288, as WHEP uses it)."""

from typing import Any

import pytest
from playwright.async_api import Page

TURN = (
    '<turn:t.example:3478?transport=udp>; rel="ice-server"; '
    'username="u,1"; credential="a\\"b"; credential-type="password"'
)


@pytest.mark.parametrize(
    ("header", "servers"),
    [
        (None, []),
        ('<stun:s.example>; rel="ice-server"', [{"urls": "stun:s.example"}]),
        (TURN, [{"urls": "turn:t.example:3478?transport=udp", "username": "u,1", "credential": 'a"b'}]),
        ('</next>; rel="next", <stun:s.example>; rel=ice-server', [{"urls": "stun:s.example"}]),
    ],
)
async def test_links_become_ice_servers(bench: Page, header: str | None, servers: list[dict[str, Any]]) -> None:
    """Each link with rel=ice-server is one; others are none."""
    found = await bench.evaluate(
        'async (h) => (await import("/web/lib/ice_links.js")).iceServersOf(h)',
        header,
    )
    assert found == servers
