"""Facts about the control page, with the real server and a worker that draws bar codes."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests import chromium
from tests.client_web.picture import frame_after
from tests.client_web.stage import STREAMING, Stage
from tests.client_web.wire import Wire

TAIL_COLOUR = """() => {
    const canvas = document.getElementById("queue");
    const height = Math.round(canvas.height / 2);
    const { data } = canvas.getContext("2d").getImageData(canvas.width - 12, height, 10, 30);
    const sum = [0, 0, 0];
    for (let i = 0; i < data.length; i++) if (i % 4 < 3) sum[i % 4] += data[i];
    return sum.map((value) => value / Math.max(...sum));
}"""
UNTOUCHED = """() => {
    document.getElementById("composer").reset();
    for (const field of document.querySelectorAll("#composer input, #prompt")) field.dispatchEvent(new Event("input"));
    document.activeElement.blur();
}"""
CUE_COLOUR = """async (cue) => {
    const { colourOf } = await import("/web/control/format.js");
    const channels = [1, 3, 5].map((i) => parseInt(colourOf(cue).slice(i, i + 2), 16));
    return channels.map((value) => value / Math.max(...channels));
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def opened(browser: Browser, stage: Stage) -> AsyncIterator[tuple[Page, Wire]]:
    """The control page with its picture, and all that goes over its control socket."""
    async with chromium.opened(browser) as page:
        wire = Wire(page)
        await page.goto(stage.url)
        await page.wait_for_selector("video.shown")
        yield page, wire


@pytest_asyncio.fixture(loop_scope="session")
async def wired(opened: tuple[Page, Wire]) -> tuple[Page, Wire]:
    """The page as if nobody had touched it; the stream has run on."""
    page, wire = opened
    await page.evaluate(UNTOUCHED)
    wire.forget()
    return page, wire


@pytest_asyncio.fixture(loop_scope="session")
async def page(wired: tuple[Page, Wire]) -> Page:
    """The page alone."""
    return wired[0]


async def send(page: Page, text: str) -> None:
    """Type a prompt and press Enter."""
    await page.fill("#prompt", text)
    await page.press("#prompt", "Enter")


async def test_it_plays(page: Page) -> None:
    """Frames arrive, can be read, and move on."""
    first, _ = await frame_after(page)
    later, _ = await frame_after(page, first)
    assert later > first


async def test_it_tells_that_it_is_live(page: Page) -> None:
    """The pill says so, the slate is gone, and there are figures."""
    await expect(page.locator("#pill")).to_have_text(STREAMING)
    await expect(page.locator("#slate")).to_be_hidden()
    await expect(page.locator("#viewers")).not_to_have_text("0")
    await expect(page.locator("#model")).to_contain_text("fake, 256×160")


async def test_a_prompt_counts_down_and_goes_on_air(wired: tuple[Page, Wire]) -> None:
    """The countdown runs, the field is free again, and the cue is lit with the frame that was announced."""
    page, wire = wired
    await send(page, "a city on fire")
    await expect(page.locator("#countdown")).to_contain_text("in ")
    await expect(page.locator("#prompt")).to_have_value("")
    accepted = await wire.accepted()
    on_air = await wire.wait_for("on_air", cue=accepted["cue"])
    assert on_air["frame"] == accepted["visible_frame"]
    await expect(page.locator("#now-text")).to_have_text("a city on fire")
    _, cue = await frame_after(page, on_air["frame"])
    assert cue == accepted["cue"]
    await expect(page.locator("#next-text")).to_have_text("nothing yet")


async def test_the_new_cue_enters_at_the_tail(wired: tuple[Page, Wire]) -> None:
    """The queue's noisy end takes on the new cue's colour long before it is on screen."""
    page, wire = wired
    await send(page, "night over the sea")
    accepted = await wire.accepted()
    wanted = await page.evaluate(CUE_COLOUR, accepted["cue"])
    async with asyncio.timeout(10):
        while max(abs(a - b) for a, b in zip(await page.evaluate(TAIL_COLOUR), wanted, strict=True)) > 0.08:
            await page.evaluate("new Promise(requestAnimationFrame)")
    assert not any(message["type"] == "on_air" and message["cue"] == accepted["cue"] for message in wire.received)
    label = await page.get_attribute("#queue", "aria-label")
    assert label is not None and label.endswith("for night over the sea.")


async def test_what_the_model_did_not_understand_is_told(wired: tuple[Page, Wire]) -> None:
    """Unknown words are named, and faint where the prompt is shown."""
    page, _ = wired
    await send(page, "city unicorn")
    await expect(page.locator("#heard")).to_have_text("Not known to this model: unicorn.")
    await expect(page.locator("#timeline li:first-child .unknown")).to_have_text("unicorn")


async def test_a_refusal_keeps_what_was_typed(wired: tuple[Page, Wire]) -> None:
    """The server's sentence is shown, the text stays, and sending something good clears the sentence."""
    page, _ = wired
    await send(page, "!reject")
    await expect(page.locator("#error")).to_have_text("This one is refused.")
    await expect(page.locator("#prompt")).to_have_value("!reject")
    await send(page, "sea")
    await expect(page.locator("#error")).to_be_hidden()


async def test_two_quick_enters_send_once(wired: tuple[Page, Wire]) -> None:
    """While a text waits for its answer it is not sent again."""
    page, wire = wired
    await page.fill("#prompt", "sea and fire")
    await page.evaluate(
        """() => { for (let i = 0; i < 3; i++) document.getElementById("composer").requestSubmit(); }"""
    )
    await wire.accepted()
    await expect(page.locator("#prompt")).to_have_value("")
    assert [message["text"] for message in wire.sent_prompts()] == ["sea and fire"]


async def test_knobs_go_with_the_prompt(wired: tuple[Page, Wire]) -> None:
    """Blend and hurry become transition and urgency."""
    page, wire = wired
    await page.fill("#transition", "8")
    await page.fill("#hurry", "0.4")
    await expect(page.locator("#hurry-note")).to_contain_text("more than 60 % noise")
    await expect(page.locator("#hurry")).to_have_attribute("aria-valuetext", "40 %")
    await expect(page.locator("#transition")).to_have_attribute("aria-valuetext", re.compile(r"over \d"))
    await send(page, "fire")
    await wire.accepted()
    [sent] = wire.sent_prompts()
    assert (sent["transition"], sent["urgency"]) == (8, 0.6)


async def test_arrow_keys_bring_back_what_was_sent(wired: tuple[Page, Wire]) -> None:
    """Up is older, down is newer, and the draft is not lost."""
    page, wire = wired
    for number, text in enumerate(("sea one", "sea two"), start=1):
        await send(page, text)
        await wire.accepted(number)
        await expect(page.locator("#prompt")).to_have_value("")
    await page.fill("#prompt", "draft")
    for key, text in (("Up", "sea two"), ("Up", "sea one"), ("Down", "sea two"), ("Down", "draft")):
        await page.press("#prompt", f"Arrow{key}")
        await expect(page.locator("#prompt")).to_have_value(text)


async def test_a_cue_is_sent_again_from_the_list(wired: tuple[Page, Wire]) -> None:
    """One press on an old cue sends its text; what is being typed is left alone."""
    page, wire = wired
    await send(page, "the sea again")
    await wire.accepted()
    await page.fill("#prompt", "half a thought")
    await page.locator("#timeline button", has_text="the sea again").first.click()
    await wire.accepted(2)
    assert [message["text"] for message in wire.sent_prompts()] == ["the sea again"] * 2
    await expect(page.locator("#prompt")).to_have_value("half a thought")


async def test_chips_are_words_for_the_prompt(page: Page) -> None:
    """What the model knows is offered, and a press adds it."""
    await page.fill("#prompt", "a calm")
    await page.locator("#chips button", has_text="sea").click()
    await expect(page.locator("#prompt")).to_have_value("a calm sea")
    await expect(page.locator("#prompt")).to_be_focused()


async def test_pause_and_resume(page: Page) -> None:
    """The button says what it will do, the pill what is, and nothing counts that does not move."""
    await page.click("#pause")
    await expect(page.locator("#pause")).to_have_text("Resume")
    await expect(page.locator("#pill")).to_have_text("Paused")
    assert await page.get_attribute("#pause", "aria-pressed") is None
    await expect(page.locator("#fps")).to_have_text("\u2013")
    await send(page, "the sea after a pause")
    await expect(page.locator("#timeline li:first-child .cue-text")).to_have_text("the sea after a pause")
    await expect(page.locator("#countdown")).to_have_text("waiting")
    await expect(page.locator("#timeline li:first-child .cue-status")).to_have_text("waiting")
    await page.click("#pause")
    await expect(page.locator("#pill")).to_have_text(STREAMING)
    await expect(page.locator("#countdown")).to_contain_text("in ")
    await expect(page.locator("#now-text")).to_have_text("the sea after a pause")


async def test_cut_guidance_and_seed_reach_the_engine(wired: tuple[Page, Wire]) -> None:
    """Each control sends its own request, and a value out of range is explained instead."""
    page, wire = wired
    await page.click("#cut")
    await wire.accepted()
    await page.click("#more summary")
    await page.fill("#guidance", "3.5")
    await page.press("#guidance", "Tab")
    await wire.accepted(2)
    await page.click("#dice")
    await wire.accepted(3)
    kinds = [(message["type"], message.get("guidance")) for message in wire.sent if "id" in message]
    assert kinds == [("cut", None), ("set", 3.5), ("set", None)]
    await page.fill("#guidance", "90")
    await page.press("#guidance", "Tab")
    await expect(page.locator("#error")).to_contain_text("Guidance")


async def test_keys_work_outside_of_fields_only(wired: tuple[Page, Wire]) -> None:
    """A slash goes to the prompt, where letters are letters."""
    page, wire = wired
    await page.keyboard.press("/")
    await expect(page.locator("#prompt")).to_be_focused()
    await page.keyboard.type("p/f")
    await expect(page.locator("#prompt")).to_have_value("p/f")
    assert not any(message["type"] == "pause" for message in wire.sent)


async def test_the_obs_address_can_be_copied(page: Page, stage: Stage) -> None:
    """The button puts the browser source's address on the clipboard."""
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.click("#copy-obs")
    await expect(page.locator("#copy-obs")).to_have_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == f"{stage.url}/obs/source"


async def test_leaving_the_page_ends_its_session(browser: Browser, stage: Stage) -> None:
    """The server does not have to find out by itself that a viewer is gone."""
    async with chromium.opened(browser) as page:
        await page.goto(stage.url)
        await page.wait_for_selector("video.shown")
        before = (await stage.state())["viewers"]
        await page.goto("about:blank")
        async with asyncio.timeout(2):
            while (await stage.state())["viewers"] == before:
                pass
