"""Facts about the pages' layout, narrow and wide."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests import chromium
from tests.client_web.stage import Stage

SIZES = [(300, 600), (360, 740), (800, 1000), (1440, 900), (2560, 1300)]
LONG = "a city on fire at night, seen from far above the sea, with extraordinarilylongunbreakablewordsinit" * 2
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
UNNAMED = """() => [...document.querySelectorAll("button, input, textarea, a, canvas")].filter((element) => {
    const label = element.labels?.length && element.labels[0].textContent.trim();
    return !(label || element.getAttribute("aria-label") || element.textContent.trim());
}).map((element) => element.outerHTML)"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def page(browser: Browser, stage: Stage) -> AsyncIterator[Page]:
    """The control page with its picture, whose window the tests make smaller and larger."""
    async with chromium.opened(browser) as page:
        await page.goto(stage.url)
        await page.wait_for_selector("video.shown")
        yield page


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_nothing_sticks_out(page: Page, artifacts: Path, width: int, height: int) -> None:
    """With long texts everywhere the page does not scroll sideways."""
    await page.set_viewport_size({"width": width, "height": height})
    await page.fill("#prompt", LONG[:190])
    await page.press("#prompt", "Enter")
    await expect(page.locator("#next.waiting")).to_be_visible()
    await page.fill("#prompt", LONG[:190])
    await page.evaluate("document.getElementById('more').open = true")
    assert await page.evaluate(OVERFLOW) == 0
    await page.screenshot(path=artifacts / f"control-{width}.png", full_page=True)


async def test_picture_prompt_and_queue_are_seen_at_once(page: Page) -> None:
    """On a laptop's window nobody scrolls to work."""
    await page.set_viewport_size({"width": 1366, "height": 700})
    await page.fill("#prompt", "")
    for name in ("#player", "#queue", "#prompt", "#pause", "#timeline"):
        box = await page.locator(name).bounding_box()
        assert box is not None and box["y"] + box["height"] <= 700, name


@pytest.mark.parametrize(("width", "height"), [(1366, 700), (1920, 1080), (390, 844), (300, 700)])
async def test_an_error_is_seen(page: Page, width: int, height: int) -> None:
    """What the server refuses is said where nobody has to scroll, and the field with the text is beside it."""
    await page.set_viewport_size({"width": width, "height": height})
    await page.evaluate("scrollTo(0, 0); document.getElementById('more').open = false")
    await page.fill("#prompt", "!reject")
    await page.press("#prompt", "Enter")
    await expect(page.locator("#error")).to_have_text("This one is refused.")
    for name in ("#error", "#prompt"):
        await expect(page.locator(name)).to_be_in_viewport(ratio=1)


async def test_long_messages_stay_on_the_page(page: Page) -> None:
    """A word without end breaks, and of many unknown words five are named."""
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.fill("#prompt", "w" * 120 + " one two three four five six")
    await page.press("#prompt", "Enter")
    await expect(page.locator("#heard")).to_contain_text("one, two, three, four and 2 more.")
    assert await page.evaluate(OVERFLOW) == 0


async def test_everything_has_a_name(page: Page) -> None:
    """Every control can be found by somebody who does not see it."""
    assert await page.evaluate(UNNAMED) == []


async def test_nothing_is_fetched_from_elsewhere(browser: Browser, stage: Stage) -> None:
    """All pages are complete with what this server gives, and no browser has anything to complain of."""
    async with chromium.opened(browser) as page:
        addresses: list[str] = []
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("request", lambda request: addresses.append(request.url))
        for path in ("/", "/watch", "/obs/source"):
            await page.goto(stage.url + path)
            await page.wait_for_selector("video.shown")
        icon = await page.request.get(f"{stage.url}/favicon.ico")
        assert (icon.status, icon.headers["content-type"]) == (200, "image/svg+xml")
        assert [complaint for complaint in complaints if complaint.startswith("error")] == []
        assert [address for address in addresses if not address.startswith(stage.url)] == []
