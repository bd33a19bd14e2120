"""Facts about what an audience sees while there is no server, or no engine."""

import asyncio
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.async_api import Browser, Page, expect

from tests import chromium
from tests.client_web.picture import frame_after
from tests.client_web.stage import FAILED, Stage

PAGES = ("/", "/watch", "/obs/source")
REASON = "There is no file model.safetensors."


async def painted(page: Page) -> NDArray[np.int16]:
    """Return what is painted where the picture is, away from its edges."""
    box = await page.locator("video.shown").bounding_box()
    assert box is not None
    inner = {"x": box["x"] + box["width"] / 3, "y": box["y"] + box["height"] / 3, "width": 200, "height": 100}
    png = await page.screenshot(clip=inner, omit_background=True)  # type: ignore[arg-type]
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA")).astype(np.int16)


class Refusals:
    """Counts how often a page has asked for the picture in vain."""

    def __init__(self, page: Page) -> None:
        self.count = 0
        self._more = asyncio.Event()
        page.on("requestfailed", lambda request: self._note(request.method))

    def _note(self, method: str) -> None:
        self.count += method == "POST"
        self._more.set()

    async def reach(self, count: int) -> None:
        """Wait until the page has been refused so often."""
        async with asyncio.timeout(60):
            while self.count < count:
                self._more.clear()
                await self._more.wait()


async def test_the_last_frame_stays_until_there_is_a_new_one(browser: Browser) -> None:
    """Also after the page has given its connection up and tried to join in vain."""
    stage = Stage({})
    await stage.start()
    pages = [await browser.new_page(viewport={"width": 1024, "height": 900}) for _ in PAGES]
    refusals = [Refusals(page) for page in pages]
    for page, path in zip(pages, PAGES, strict=True):
        await page.goto(stage.url + path)
        await page.wait_for_selector("video.shown")
        await frame_after(page)
    await stage.stop()
    for page, refused in zip(pages, refusals, strict=True):
        await refused.reach(1)
        before = await painted(page)
        await refused.reach(3)
        after = await painted(page)
        assert after[:, :, 3].min() == 255 and after[:, :, :3].mean() > 30, page.url
        assert np.abs(after - before).max() < 8, page.url
    olds = [await page.query_selector("video.shown") for page in pages]
    await stage.start()
    for page, old in zip(pages, olds, strict=True):
        await page.wait_for_function("(old) => document.querySelector('video.shown') !== old", arg=old)
        await frame_after(page)
        await page.wait_for_function("document.querySelectorAll('video').length === 1")
        await page.close()
    await stage.stop()


async def test_an_audience_reads_nothing_of_the_server(browser: Browser) -> None:
    """Where the engine cannot run, viewers see nothing, unless they ask for words by `slate=1`."""
    stage = Stage({"fail": REASON, "fatal": True})
    await stage.start(until=FAILED)
    async with chromium.opened(browser) as page:
        await page.goto(f"{stage.url}/watch")
        await expect(page.locator("#word")).to_have_text("The stream has not started yet.")
        assert await page.locator("video.shown").count() == 0
        for path in ("/watch", "/obs/source"):
            await page.goto(f"{stage.url}{path}?slate=1")
            await expect(page.locator("#slate")).to_have_text(f"The engine has failed. {REASON}")
    await stage.stop()


async def test_a_viewer_waits_for_a_stream_that_has_not_begun(browser: Browser) -> None:
    """One join is enough, however long the model takes to load."""
    stage = Stage({"ready_after_s": 6.0})
    await stage.start(until=b"fifo-live listens")
    async with chromium.opened(browser) as page:
        joins: list[str] = []
        page.on("request", lambda request: joins.append(request.method))
        await page.goto(f"{stage.url}/watch")
        await expect(page.locator("#word")).to_have_text("The stream has not started yet.")
        await frame_after_first(page)
        assert joins.count("POST") == 1
    await stage.stop()


async def frame_after_first(page: Page) -> None:
    """Wait for the picture and see it move."""
    await page.wait_for_selector("video.shown")
    first, _ = await frame_after(page)
    await frame_after(page, first)
