"""Facts about the control page when not all is well."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from server.http.access import view_token
from tests import chromium
from tests.client_web.picture import frame_after
from tests.client_web.stage import FAILED, STREAMING, Stage

TOKEN = "open +sesame&100%/ü \u958b"
ANOTHER_VIDEO = "(old) => document.querySelector('video.shown') !== old"


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def guarded() -> AsyncIterator[Stage]:
    """A server that wants a token."""
    stage = Stage({}, server={"token": TOKEN})
    await stage.start()
    yield stage
    await stage.stop()


async def test_pages_come_back_after_a_restart_of_the_server(browser: Browser) -> None:
    """The last picture stays with a word of explanation, what was typed survives, and the new stream is joined.

    The new server does not know the prompt of before, so the page offers to send it again.
    """
    stage = Stage({})
    await stage.start()
    async with chromium.opened(browser) as page, chromium.opened(browser) as viewer:
        await page.goto(stage.url)
        await viewer.goto(f"{stage.url}/watch")
        old, seen = [await each.wait_for_selector("video.shown") for each in (page, viewer)]
        await page.fill("#prompt", "a city on fire")
        await page.press("#prompt", "Enter")
        await expect(page.locator("#now-text")).to_have_text("a city on fire")
        await page.fill("#prompt", "typed before")
        await stage.stop()
        await expect(page.locator("#banner")).to_contain_text("No connection to the server")
        assert old is not None and await old.is_visible()
        await expect(page.locator("#pause")).to_be_disabled()
        await page.press("#prompt", "Enter")
        await expect(page.locator("#error")).to_contain_text("Not connected")
        await expect(page.locator("#prompt")).to_have_value("typed before")
        await stage.start()
        await page.wait_for_function(ANOTHER_VIDEO, arg=old)
        await expect(page.locator("#pill")).to_have_text(STREAMING)
        await expect(page.locator("#banner")).to_be_hidden()
        await frame_after(page)
        await viewer.wait_for_function(ANOTHER_VIDEO, arg=seen)
        await frame_after(viewer)
        await expect(page.locator("#forgotten")).to_contain_text("without your last prompt: a city on fire")
        await page.click("#forgotten-again")
        await expect(page.locator("#now-text")).to_have_text("a city on fire")
        await expect(page.locator("#forgotten")).to_be_hidden()
        await expect(page.locator("#prompt")).to_have_value("typed before")
    await stage.stop()


async def test_an_engine_that_can_not_run_gives_its_reason(browser: Browser) -> None:
    """The model's own sentence stands where the picture would be."""
    stage = Stage({"fail": "There is no file model.safetensors.", "fatal": True})
    await stage.start(until=FAILED)
    async with chromium.opened(browser) as page:
        await page.goto(stage.url)
        await expect(page.locator("#slate-title")).to_have_text("The engine has failed")
        await expect(page.locator("#slate-detail")).to_contain_text("There is no file model.safetensors.")
        await expect(page.locator("#pill")).to_have_text("Failed")
        await expect(page.locator("#pause")).to_be_disabled()
    await stage.stop()


@pytest.mark.parametrize("place", ["#token=", "?token="])
async def test_a_token_in_the_address_opens(browser: Browser, guarded: Stage, place: str) -> None:
    """Either way it works, and afterwards it stands in the fragment, which is not sent or logged."""
    async with chromium.opened(browser) as page:
        await page.goto(f"{guarded.url}/{place}{quote(TOKEN, safe='')}")
        await page.wait_for_selector("video.shown")
        await expect(page.locator("#pill")).to_have_text(STREAMING)
        assert page.url == f"{guarded.url}/#token={quote(TOKEN, safe='')}"


async def test_a_page_without_a_token_asks_for_it(browser: Browser, guarded: Stage) -> None:
    """The token can be typed in, and then the stream is there."""
    async with chromium.opened(browser) as page:
        await page.goto(guarded.url)
        await expect(page.locator("#slate-detail")).to_have_text("This server requires a token.")
        await page.fill("#token", TOKEN)
        await page.press("#token", "Enter")
        await page.wait_for_selector("video.shown")


async def test_a_token_to_watch_does_not_steer(browser: Browser, guarded: Stage) -> None:
    """The picture is there, the prompt is closed and says why."""
    async with chromium.opened(browser) as page:
        await page.goto(f"{guarded.url}/#token={view_token(TOKEN)}")
        await page.wait_for_selector("video.shown")
        await expect(page.locator("#prompt")).to_be_disabled()
        await expect(page.locator("#prompt")).to_have_attribute("placeholder", "This token can only watch.")
        for name in ("#pause", "#cut", "#transition", "#hurry", "#chips button", "#timeline button"):
            await expect(page.locator(name).first).to_be_disabled()
        await page.click("#more summary")
        for name in ("#guidance", "#seed", "#dice"):
            await expect(page.locator(name)).to_be_disabled()


@pytest.mark.parametrize("token", [TOKEN, view_token(TOKEN)])
async def test_what_is_shared_does_not_steer(browser: Browser, guarded: Stage, token: str) -> None:
    """The viewer page and the OBS address carry the token to watch, whatever this page's own is."""
    async with chromium.opened(browser, permissions=["clipboard-read", "clipboard-write"]) as page:
        await page.goto(f"{guarded.url}/#token={quote(token)}")
        await expect(page.locator("#watch")).to_have_attribute("href", f"{guarded.url}/watch#token={view_token(TOKEN)}")
        await page.click("#copy-obs")
        await expect(page.locator("#copy-obs")).to_have_text("Copied")
        copied = await page.evaluate("navigator.clipboard.readText()")
        assert copied == f"{guarded.url}/obs/source#token={view_token(TOKEN)}"


async def test_a_full_house_is_tried_again(browser: Browser, stage: Stage) -> None:
    """The page says why there is no picture, waits as long as it is asked to, and takes the place that is free then."""
    async with chromium.opened(browser) as page:
        full = {"status": 503, "headers": {"Retry-After": "1"}}
        await page.route("**/whep", lambda route: route.fulfill(**full), times=1)
        await page.goto(stage.url)
        await expect(page.locator("#slate-detail")).to_contain_text("limit of viewers")
        await page.wait_for_selector("video.shown")


async def test_a_server_that_gives_no_sign_is_joined_anew(browser: Browser, stage: Stage) -> None:
    """When nothing at all comes though the offer was answered, the viewer leaves and joins again."""
    async with chromium.opened(browser) as page:
        await page.goto(f"{stage.url}/docs")
        sessions = await page.evaluate(
            """async () => {
                const { WhepClient } = await import("/web/lib/whep.js");
                const whep = new WhepClient("/whep", { limits: { join_s: 0.3 } });
                const seen = [];
                const original = RTCPeerConnection.prototype.getStats;
                const nothing = new Map([["v", { type: "inbound-rtp", kind: "video" }]]);
                RTCPeerConnection.prototype.getStats = async () => nothing;
                whep.addEventListener("state", ({ detail }) => {
                    seen.push(detail.reason ?? detail.state);
                    if (detail.state === "waiting") RTCPeerConnection.prototype.getStats = original;
                });
                const live = new Promise((done) => whep.addEventListener(
                    "state", ({ detail }) => detail.state === "live" && done()));
                whep.start();
                await live;
                whep.stop();
                return seen;
            }"""
        )
        assert sessions == [
            "joining",
            "No data for 0.3 seconds. UDP may be blocked.",
            "joining",
            "live",
            "closed",
        ]
