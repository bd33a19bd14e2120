"""Facts about the drawing of the queue."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests import chromium

SETUP = """async (length) => {
    const { QueueView } = await import("/web/control/queue_view.js");
    const style = "display: block; width: 640px; height: 96px";
    const canvas = Object.assign(document.createElement("canvas"), { style });
    document.body.replaceChildren(canvas);
    document.body.style.margin = 0;
    const cues = { 1: { cue: 1, text: "sea" }, 2: { cue: 2, text: "fire" }, 3: { cue: 3, start: 0, transition: 63 } };
    window.view = new QueueView(canvas, (cue) => cues[cue]);
    window.slots = (cueOf) => Array.from({ length }, (_, latent) =>
        ({ latent, level: (latent + 1) / length, cue: cueOf(latent) }));
    window.drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    window.column = (x) => {
        const ratio = canvas.width / 640;
        return Array.from(canvas.getContext("2d").getImageData(x * ratio, 0, 1, canvas.height).data);
    };
}"""


@pytest_asyncio.fixture(params=[1, 2], ids=["dpr1", "dpr2"], scope="module", loop_scope="session")
async def easel(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A page to draw on, on a plain and on a fine display, for somebody who wants less motion."""
    async with chromium.workbench(browser, device_scale_factor=request.param, reduced_motion="reduce") as page:
        yield page


async def painted(page: Page, x: int) -> list[list[int]]:
    """Return the pixels of a column of the canvas, top to bottom, RGBA."""
    data: list[int] = await page.evaluate("(x) => window.column(x)", x)
    return [data[i : i + 4] for i in range(0, len(data), 4)]


async def draw(page: Page, length: int, cue_of: str) -> Any:
    """Draw a queue."""
    await page.evaluate(SETUP, length)
    return await page.evaluate(f"async () => {{ window.view.update(window.slots({cue_of})); await window.drawn(); }}")


def mean(pixels: list[list[int]]) -> list[float]:
    """Return the mean colour."""
    return [sum(pixel[i] for pixel in pixels) / len(pixels) for i in range(3)]


@pytest.mark.parametrize("length", [8, 64])
async def test_clean_slots_are_solid_and_noisy_ones_grain(easel: Page, length: int) -> None:
    """The head is even nearly to its top; the tail is uneven down to its foot."""
    await draw(easel, length, "() => 1")
    head, tail = await painted(easel, 2), await painted(easel, 636)
    solid = [pixel[2] for pixel in head[len(head) // 2 : -4]]
    grain = [pixel[2] for pixel in tail[len(tail) // 2 : -4]]
    assert max(solid) - min(solid) <= 2
    assert max(grain) - min(grain) > 40


async def test_it_is_as_fine_as_the_display(easel: Page) -> None:
    """There is one pixel of canvas for each of the screen."""
    await draw(easel, 8, "() => 1")
    assert await easel.evaluate("document.querySelector('canvas').width / 640 === devicePixelRatio")


async def test_each_cue_has_its_colour(easel: Page) -> None:
    """Amber at the head, green at the tail."""
    await draw(easel, 8, "(latent) => latent < 4 ? 1 : 2")
    head, tail = await painted(easel, 20), await painted(easel, 620)
    red, green, _ = mean(head[len(head) // 2 : -4])
    assert red > green
    red, green, _ = mean(tail[len(tail) // 2 : -4])
    assert green > red


async def test_a_blend_is_a_blend_of_colours(easel: Page) -> None:
    """While a cue fades in its slots go from the old colour to the new."""
    await draw(easel, 64, "() => 3")
    first, last = await painted(easel, 3), await painted(easel, 600)
    assert mean(first[-30:-10])[1] > mean(first[-30:-10])[0]
    assert mean(last[-30:-10])[0] > mean(last[-30:-10])[1]


async def test_it_says_what_it_shows(easel: Page) -> None:
    """Whoever does not see it hears it."""
    await draw(easel, 8, "(latent) => latent < 6 ? 1 : 2")
    label = await easel.get_attribute("canvas", "aria-label")
    assert label == "Queue of 8 slots, next on screen first: 6 for sea, then 2 for fire."


async def test_less_motion_means_none(easel: Page) -> None:
    """Between two messages nothing changes for people who asked for that."""
    await draw(easel, 8, "() => 1")
    before = await painted(easel, 636)
    await easel.evaluate("window.drawn()")
    assert await painted(easel, 636) == before
