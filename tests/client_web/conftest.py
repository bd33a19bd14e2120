"""One browser and one server for the tests in this folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests import chromium
from tests.client_web.stage import Stage


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here share the loop that the browser lives on."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.browser)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Headless Chromium."""
    async with chromium.launched() as launched:
        yield launched


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def bench(browser: Browser) -> AsyncIterator[Page]:
    """A page for calling functions of our modules."""
    async with chromium.workbench(browser) as page:
        yield page


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    """A server whose queue is two seconds long; it runs through all tests."""
    stage = Stage({"levels": 48})
    await stage.start()
    yield stage
    await stage.stop()
