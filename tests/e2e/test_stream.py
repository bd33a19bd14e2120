"""Facts about the stream as `make run` starts it: in Chromium, as OBS shows it, and for several viewers at once."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, expect

from fifo_live.bench.player import Player
from fifo_live.bench.server_process import ServerProcess
from tests.e2e.screen import contrast, watch

MIN_FPS = 5.0
"""Well below what the model makes, since the tests' browser draws on the same two cores."""
MIN_CONTRAST = 4.0
STEERED_TIMEOUT_MS = 30_000

pytestmark = [pytest.mark.browser, pytest.mark.timeout(150)]


async def open_page(browser: Browser, url: str) -> tuple[Page, list[str]]:
    """Open a page; returns it with the list in which its errors gather."""
    page = await browser.new_page(viewport={"width": 1440, "height": 900})
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # Headless Chromium asks for an icon where a page names none; OBS does not.
        if message.type == "error" and not message.location["url"].endswith("/favicon.ico"):
            errors.append(message.text)

    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", note)
    await page.goto(url)
    return page, errors


async def test_the_page_plays_and_steers(stream: ServerProcess, browser: Browser, artifacts: Path) -> None:
    """`/` shows a moving picture, and a prompt typed there goes on air."""
    page, errors = await open_page(browser, stream.url)
    seen = await watch(page, 40)
    assert seen["fps"] > MIN_FPS
    assert seen["width"] / seen["height"] == pytest.approx(16 / 9, rel=0.02)
    assert await contrast(page) > MIN_CONTRAST
    await page.fill("#prompt", "a calm ocean at dusk")
    await page.press("#prompt", "Enter")
    await expect(page.locator("#now-text")).to_contain_text("a calm ocean at dusk", timeout=STEERED_TIMEOUT_MS)
    await page.screenshot(path=artifacts / "page.png")
    assert errors == []


async def test_obs_sees_the_picture_and_nothing_else(stream: ServerProcess, browser: Browser, artifacts: Path) -> None:
    """`/obs/source` plays by itself, muted, fills its window, and paints no background."""
    page, errors = await open_page(browser, f"{stream.url}/obs/source")
    await watch(page, 40)
    assert await contrast(page) > MIN_CONTRAST
    video = page.locator("video")
    assert await video.evaluate("video => [video.muted, video.controls, video.paused]") == [True, False, False]
    assert await video.bounding_box() == {"x": 0, "y": 0, "width": 1440, "height": 900}
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"
    await page.screenshot(path=artifacts / "obs.png")
    assert errors == []


async def test_two_viewers_and_a_browser_at_once(stream: ServerProcess, browser: Browser) -> None:
    """Two aiortc viewers and a page play the same stream beside each other."""

    async def count_frames(player: Player) -> int:
        count = 0
        async for _ in player.frames():
            count += 1
            if count == 60:
                break
        return count

    page, errors = await open_page(browser, f"{stream.url}/watch")
    async with Player(stream.url) as first, Player(stream.url) as second, asyncio.timeout(60):
        counts = await asyncio.gather(count_frames(first), count_frames(second), watch(page, 60))
    assert counts[:2] == [60, 60]
    assert errors == []
