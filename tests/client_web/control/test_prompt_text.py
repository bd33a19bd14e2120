"""Facts about the words of a prompt and what the model makes of them."""

import pytest
from playwright.async_api import Page

WORDS = 'const { pieces, unknownWords } = await import("/web/control/prompt_text.js");'


@pytest.mark.parametrize(
    ("text", "understood", "unknown"),
    [
        ("a calm sea", ["a", "calm", "sea"], []),
        ("A Calm SEA, please", ["calm", "sea", "a"], ["please"]),
        ("storm clouds, storm", ["storm clouds"], []),
        ("Über dem Meer, Meer", ["über"], ["dem", "Meer"]),
        ("anything at all", None, []),
        ("sea", [], ["sea"]),
        ("the sea at a shore", ["sea"], ["shore"]),
    ],
)
async def test_words_without_meaning_are_named_once(
    bench: Page, text: str, understood: list[str] | None, unknown: list[str]
) -> None:
    """Case and punctuation do not matter; a model that says nothing is taken to understand all."""
    found = await bench.evaluate(f"async ([t, u]) => {{ {WORDS} return unknownWords(t, u) }}", [text, understood])
    assert found == unknown


async def test_the_pieces_are_the_whole_text(bench: Page) -> None:
    """Nothing of what was typed is lost in showing it."""
    text = "  neon city -- at night's edge! "
    joined = await bench.evaluate(
        f'async (t) => {{ {WORDS} return pieces(t, ["neon"]).map((p) => p.text).join("") }}', text
    )
    assert joined == text
