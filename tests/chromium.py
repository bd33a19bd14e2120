"""Headless Chromium as the tests of pages use it: WebRTC over loopback, and nothing sent by the browser itself."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route, async_playwright

from tests.trees import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--allow-loopback-in-peer-connection",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
)
UNIT_ORIGIN = "http://unit.test"
TIMEOUT_MS = 30_000


@asynccontextmanager
async def launched(*more: str) -> AsyncIterator[Browser]:
    """Give a browser; skip where there is none."""
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        pytest.skip("There is no Chromium here; 'make setup' as root installs it.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=[*ARGUMENTS, *more])
        yield browser
        await browser.close()


@asynccontextmanager
async def opened(browser: Browser, width: int = 1024, height: int = 640, **more: Any) -> AsyncIterator[Page]:
    """Give a page in a context of its own; an exception that nobody caught in it fails the test."""
    context: BrowserContext = await browser.new_context(viewport={"width": width, "height": height}, **more)
    context.set_default_timeout(TIMEOUT_MS)
    errors: list[str] = []
    context.on("weberror", lambda event: errors.append(str(event.error)))
    yield await context.new_page()
    await context.close()
    assert errors == []


@asynccontextmanager
async def workbench(browser: Browser, **more: Any) -> AsyncIterator[Page]:
    """Give an empty page from which our modules can be imported without a server."""
    async with opened(browser, **more) as page:
        await page.route(f"{UNIT_ORIGIN}/**", _serve_file)
        await page.goto(f"{UNIT_ORIGIN}/")
        yield page


async def _serve_file(route: Route) -> None:
    path = route.request.url.removeprefix(UNIT_ORIGIN).partition("?")[0]
    if path == "/":
        await route.fulfill(body="<!doctype html><title>workbench</title>", content_type="text/html")
    else:
        await route.fulfill(path=file_of(path))


def file_of(path: str) -> Path:
    """Return the file behind an address, the way the server lays them out."""
    folder, _, rest = path.removeprefix("/").partition("/")
    return ROOT / {"web": "client_web", "obs": "obs_plugin"}[folder] / rest
