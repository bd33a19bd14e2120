"""Facts about the bare viewer."""

from playwright.async_api import Browser, expect

from tests import chromium
from tests.client_web.picture import frame_after
from tests.client_web.stage import Stage


async def test_it_plays_and_shows_nothing_else(browser: Browser, stage: Stage) -> None:
    """The picture fills the window on black, and there is no word on it."""
    async with chromium.opened(browser) as page:
        await page.goto(f"{stage.url}/watch")
        await page.wait_for_selector("video.shown")
        first, _ = await frame_after(page)
        await frame_after(page, first)
        box = await page.locator("video").bounding_box()
        assert box == {"x": 0, "y": 0, "width": 1024, "height": 640}
        assert await page.inner_text("body") == ""


async def test_without_a_server_it_says_why_it_is_black(browser: Browser, stage: Stage) -> None:
    """Before there is a picture one quiet sentence is shown."""
    async with chromium.opened(browser) as page:
        await page.route("**/whep", lambda route: route.abort())
        await page.goto(f"{stage.url}/watch")
        await expect(page.locator("#word")).to_have_text("The server does not answer.")
