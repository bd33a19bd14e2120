"""Facts about the control page at single moments: its first second, a reload, an engine that comes later."""

from playwright.async_api import Browser, expect

from tests import chromium
from tests.client_web.stage import STREAMING, Stage


async def test_the_countdown_begins_at_once(browser: Browser, stage: Stage) -> None:
    """A page at rest, which looks at the clock once a second, counts tenths as soon as a cue waits."""
    async with chromium.opened(browser) as page:
        await page.clock.install()
        await page.goto(stage.url)
        await page.wait_for_selector("video.shown")
        await expect(page.locator("#pill")).to_have_text(STREAMING)
        await page.clock.pause_at("2100-01-01")
        await page.clock.run_for(1000)
        await page.fill("#prompt", "a city on fire")
        await page.press("#prompt", "Enter")
        await expect(page.locator("#countdown")).to_contain_text("in ")
        seen = []
        for _ in range(3):
            seen.append(await page.inner_text("#countdown"))
            await page.clock.run_for(200)
        assert len(set(seen)) == 3, seen


async def test_a_reload_loses_nothing_that_was_typed(browser: Browser, stage: Stage) -> None:
    """The text, Blend and Hurry are there again; what was sent is not."""
    async with chromium.opened(browser) as page:
        await page.goto(stage.url)
        await page.fill("#prompt", "half a thought")
        await page.fill("#transition", "12")
        await page.fill("#hurry", "0.25")
        await page.reload()
        await expect(page.locator("#prompt")).to_have_value("half a thought")
        await expect(page.locator("#transition")).to_have_value("12")
        await expect(page.locator("#hurry-value")).to_have_text("25 %")
        await expect(page.locator("#pill")).to_have_text(STREAMING)
        await page.press("#prompt", "Enter")
        await expect(page.locator("#prompt")).to_have_value("")
        await page.reload()
        await expect(page.locator("#prompt")).to_have_value("")
        await expect(page.locator("#transition")).to_have_value("12")


async def test_a_prompt_waits_for_an_engine_that_is_loading(browser: Browser) -> None:
    """The page says so, and the prompt is taken once the engine runs."""
    stage = Stage({"ready_after_s": 4.0})
    await stage.start(until=b"fifo-live listens")
    async with chromium.opened(browser) as page:
        await page.goto(stage.url)
        await expect(page.locator("#slate-title")).to_have_text("Loading the model")
        await expect(page.locator("#fps")).to_have_text("\u2013")
        await expect(page.locator("#hurry-note")).to_have_text("Only new frames follow the prompt: smoothest.")
        await page.fill("#prompt", "a city on fire")
        await page.press("#prompt", "Enter")
        await expect(page.locator("#held")).to_have_text("The engine is not running. The prompt waits until it is.")
        await expect(page.locator("#now-text")).to_have_text("a city on fire")
        await expect(page.locator("#held")).to_be_hidden()
    await stage.stop()


async def test_an_engine_that_hangs_is_not_called_live(browser: Browser) -> None:
    """The page says that it does not answer, over its last picture, and neither rate nor countdown goes on."""
    stage = Stage({})
    await stage.start()
    async with chromium.opened(browser) as page:
        await page.goto(stage.url)
        await page.wait_for_selector("video.shown")
        await page.fill("#prompt", "!hang")
        await page.press("#prompt", "Enter")
        await expect(page.locator("#banner")).to_contain_text("The engine does not respond", timeout=15_000)
        await expect(page.locator("#pill")).to_have_text("Stalled")
        await expect(page.locator("#fps")).to_have_text("\u2013")
        await expect(page.locator("#held")).to_be_visible()
        await expect(page.locator("video.shown")).to_be_visible()
    await stage.stop()
