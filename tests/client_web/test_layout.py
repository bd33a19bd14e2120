"""Facts about the pages' layout, narrow and wide."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.client_web import chromium
from tests.client_web.stage import Stage

SIZES = [(360, 740), (800, 1000), (1440, 900), (2560, 1300)]
LONG = "a city on fire at night, seen from far above the sea, with extraordinarilylongunbreakablewordsinit" * 2
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
UNNAMED = """() => [...document.querySelectorAll("button, input, textarea, a, canvas")].filter((element) => {
    const label = element.labels?.length && element.labels[0].textContent.trim();
    return !(label || element.getAttribute("aria-label") || element.textContent.trim());
}).map((element) => element.outerHTML)"""


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_nothing_sticks_out(browser: Browser, stage: Stage, artifacts: Path, width: int, height: int) -> None:
    """With long texts everywhere no page scrolls sideways."""
    async with chromium.opened(browser, width, height) as page:
        await page.goto(stage.url)
        await page.wait_for_selector("video.shown")
        await page.fill("#prompt", LONG[:190])
        await page.press("#prompt", "Enter")
        await expect(page.locator("#next.waiting")).to_be_visible()
        await page.fill("#prompt", LONG[:190])
        await page.click("#more summary")
        assert await page.evaluate(OVERFLOW) == 0
        await page.screenshot(path=artifacts / f"control-{width}.png", full_page=True)


async def test_picture_prompt_and_queue_are_seen_at_once(browser: Browser, stage: Stage) -> None:
    """On a laptop's window nobody scrolls to work."""
    async with chromium.opened(browser, 1366, 700) as page:
        await page.goto(stage.url)
        await page.wait_for_selector("video.shown")
        for name in ("#player", "#queue", "#prompt", "#pause", "#timeline"):
            box = await page.locator(name).bounding_box()
            assert box is not None and box["y"] + box["height"] <= 700, name


async def test_everything_has_a_name(browser: Browser, stage: Stage) -> None:
    """Every control can be found by somebody who does not see it."""
    async with chromium.opened(browser) as page:
        await page.goto(stage.url)
        await page.wait_for_selector("video.shown")
        assert await page.evaluate(UNNAMED) == []


async def test_nothing_is_fetched_from_elsewhere(browser: Browser, stage: Stage) -> None:
    """All pages are complete with what this server gives."""
    async with chromium.opened(browser) as page:
        addresses: list[str] = []
        page.on("request", lambda request: addresses.append(request.url))
        for path in ("/", "/watch", "/obs/source"):
            await page.goto(stage.url + path)
            await page.wait_for_selector("video.shown")
        assert [address for address in addresses if not address.startswith(stage.url)] == []
