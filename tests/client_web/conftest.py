"""One browser for all tests in this folder."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.client_web import chromium


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here share the loop that the browser lives on."""
    for item in items:
        if "client_web" in item.nodeid:
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
