"""Facts about waiting before the next try."""

from typing import Any

from playwright.async_api import Page


async def waits(bench: Page, steps: str) -> Any:
    """Run steps with Backoff at hand and return what they return."""
    return await bench.evaluate(f'async () => {{ const {{ Backoff }} = await import("/web/lib/backoff.js"); {steps} }}')


async def test_the_wait_doubles_up_to_a_bound(bench: Page) -> None:
    """From half a second to ten."""
    steps = "const b = new Backoff(10, () => 1); return [...Array(7)].map(() => b.next());"
    assert await waits(bench, steps) == [0.5, 1, 2, 4, 8, 10, 10]


async def test_jitter_keeps_half_of_the_wait(bench: Page) -> None:
    """Viewers come back spread over the second half of the wait, never at once."""
    steps = "const b = new Backoff(10, () => 0); return [...Array(6)].map(() => b.next());"
    assert await waits(bench, steps) == [0.5, 0.5, 1, 2, 4, 5]


async def test_the_server_may_ask_for_longer(bench: Page) -> None:
    """Retry-After is kept even where it is longer than our longest wait."""
    assert await waits(bench, "return new Backoff().next(30);") == 30


async def test_success_begins_anew(bench: Page) -> None:
    """After a connection that worked the first wait is short again."""
    steps = "const b = new Backoff(10, () => 1); b.next(); b.next(); b.reset(); return b.next();"
    assert await waits(bench, steps) == 0.5
