"""A browser with the switches that OBS gives its browser source, and a server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page

from tests import chromium
from tests.client_web.stage import Stage

OBS_SWITCHES = (
    "--autoplay-policy=no-user-gesture-required",
    "--disable-gpu-compositing",
    # The last of these switches counts, so what the tests need is said again.
    "--disable-features=HardwareMediaKeyHandling,WebRtcHideLocalIpsWithMdns",
)
OBS_AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/103.0.5060.134 Safari/537.36 OBS/30.0.2"
)
OBS_SHIM = """window.obsstudio = {
    pluginVersion: "2.24.4",
    getControlLevel: (callback) => callback(1),
    getStatus: (callback) => callback({ recording: false, streaming: true }),
};"""
# What OBS puts into every page.
OBS_STYLE = "body { background-color: rgba(0, 0, 0, 0); margin: 0px auto; overflow: hidden; }"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here share the loop that the browser lives on."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.browser)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Headless Chromium, switched as OBS switches it."""
    async with chromium.launched(*OBS_SWITCHES) as launched:
        yield launched


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def bench(browser: Browser) -> AsyncIterator[Page]:
    """A page for calling functions of our modules."""
    async with chromium.workbench(browser) as page:
        yield page


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    """A server that runs through all tests."""
    stage = Stage({})
    await stage.start()
    yield stage
    await stage.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def source(browser: Browser) -> AsyncIterator[Page]:
    """A browser source of 800x600, as OBS makes one, without an address yet."""
    context: BrowserContext = await browser.new_context(viewport={"width": 800, "height": 600}, user_agent=OBS_AGENT)
    context.set_default_timeout(chromium.TIMEOUT_MS)
    await context.add_init_script(OBS_SHIM)
    page = await context.new_page()
    page.on("load", _style)
    yield page
    await context.close()


async def _style(page: Page) -> None:
    await page.add_style_tag(content=OBS_STYLE)
