"""Facts about the words in the source's address."""

from typing import Any

import pytest
from playwright.async_api import Page

DEFAULTS = {
    "fit": "cover",
    "muted": True,
    "background": "",
    "fade_ms": 0,
    "codec": "",
    "longestRetry_s": 10,
    "debug": False,
    "optimize": False,
    "slate": False,
}


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", {}),
        ("fit=contain", {"fit": "contain"}),
        ("contain", {"fit": "contain"}),
        ("fit=sideways", {}),
        ("cover=0&fill", {"fit": "fill"}),
        ("muted=0", {"muted": False}),
        ("muted=0&noaudio", {}),
        ("bg=336699", {"background": "#336699"}),
        ("bg=rebeccapurple", {"background": "rebeccapurple"}),
        ("bg=url(evil)", {}),
        ("chroma", {"background": "#00ff00"}),
        ("chroma=0000ff", {"background": "#0000ff"}),
        ("chroma=0", {}),
        ("fadein", {"fade_ms": 500}),
        ("fadein=800", {"fade_ms": 800}),
        ("fadein=-3", {"fade_ms": 500}),
        ("codec=VP8", {"codec": "vp8"}),
        ("codec=av1", {}),
        ("retry=3", {"longestRetry_s": 3}),
        ("retry=0", {"longestRetry_s": 0.5}),
        ("debug&optimize", {"debug": True, "optimize": True}),
        ("debug=false", {}),
        ("slate=1", {"slate": True}),
        ("slate=0", {}),
    ],
)
async def test_each_word_has_one_meaning(bench: Page, query: str, options: dict[str, Any]) -> None:
    """What is not understood is left at its default: on air nobody reads an error."""
    script = 'async (q) => (await import("/obs/options.js")).optionsOf(new URLSearchParams(q))'
    assert await bench.evaluate(script, query) == DEFAULTS | options
