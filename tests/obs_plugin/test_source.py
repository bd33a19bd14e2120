"""Facts about the browser source, in Chromium as OBS runs it."""

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from tests.client_web.picture import frame_after
from tests.client_web.stage import FAILED, Stage
from tests.obs_plugin.overlay import overlay

VISIBLE = "(visible) => dispatchEvent(new CustomEvent('obsSourceVisibleChanged', { detail: { visible } }))"


async def test_it_is_transparent_until_there_is_a_picture(source: Page, stage: Stage) -> None:
    """Nothing at all is painted before the first frame; then every pixel is."""
    held: asyncio.Future[Route] = asyncio.get_running_loop().create_future()
    await source.route("**/whep", lambda route: held.set_result(route), times=1)
    await source.goto(f"{stage.url}/obs/source")
    route = await held
    assert (await overlay(source))[:, :, 3].max() == 0
    await route.continue_()
    await source.wait_for_selector("video.shown")
    assert (await overlay(source))[:, :, 3].min() == 255


async def test_it_plays_without_a_gesture(source: Page, stage: Stage) -> None:
    """Muted, moving, and with nothing but the picture on the page."""
    await source.goto(f"{stage.url}/obs/source")
    await source.wait_for_selector("video.shown")
    assert await source.evaluate("document.querySelector('video').muted") is True
    first, _ = await frame_after(source)
    later, _ = await frame_after(source, first)
    assert later > first
    assert await source.inner_text("body") == ""


@pytest.mark.parametrize(
    ("fit", "bars"),
    [("cover", 0), ("contain", 50), ("fill", 0)],
)
async def test_the_picture_is_fitted_as_asked(source: Page, stage: Stage, fit: str, bars: int) -> None:
    """A picture of 256x160 in a source of 800x600: `contain` leaves 50 transparent lines above and below."""
    await source.goto(f"{stage.url}/obs/source?fit={fit}")
    await source.wait_for_selector("video.shown")
    alpha = (await overlay(source))[:, 400, 3]
    assert abs(int((alpha[:300] == 0).sum()) - bars) <= 1


async def test_a_colour_behind_the_picture_only_if_asked_for(source: Page, stage: Stage) -> None:
    """`chroma` paints what a chroma key filter takes away."""
    await source.goto(f"{stage.url}/obs/source?contain&chroma=ff00ff")
    await source.wait_for_selector("video.shown")
    assert (await overlay(source))[10, 400].tolist() == [255, 0, 255, 255]


@pytest.mark.parametrize("codec", ["H264", "VP8"])
async def test_the_codec_can_be_chosen(source: Page, stage: Stage, codec: str) -> None:
    """For an OBS whose browser lacks H264."""
    await source.add_init_script(
        "const Peer = RTCPeerConnection; window.RTCPeerConnection = class extends Peer {"
        "constructor(...given) { super(...given); window.peer = this; } };"
    )
    await source.goto(f"{stage.url}/obs/source?codec={codec.lower()}")
    await source.wait_for_selector("video.shown")
    used = await source.evaluate("window.peer.getReceivers()[0].getParameters().codecs[0].mimeType")
    assert used == f"video/{codec}"


async def test_debug_tells_how_it_is(source: Page, stage: Stage) -> None:
    """Only then there is text on the picture."""
    await source.goto(f"{stage.url}/obs/source?debug=1")
    await expect(source.locator("#debug")).to_contain_text("state live")
    await expect(source.locator("#debug")).to_contain_text("decoded")


async def test_a_hidden_source_rests_if_asked_to(source: Page, stage: Stage) -> None:
    """With `optimize` it leaves the stream while OBS does not show it, and is back when it does."""
    await source.goto(f"{stage.url}/obs/source?optimize")
    old = await source.wait_for_selector("video.shown")
    viewers = (await stage.state())["viewers"]
    await source.evaluate(VISIBLE, False)
    async with asyncio.timeout(5):
        while (await stage.state())["viewers"] >= viewers:
            pass
    await source.evaluate(VISIBLE, True)
    await source.wait_for_function("(old) => document.querySelector('video.shown') !== old", arg=old)


async def test_a_hidden_source_goes_on_otherwise(source: Page, stage: Stage) -> None:
    """So that it is there at once when the scene is changed."""
    await source.goto(f"{stage.url}/obs/source")
    await source.wait_for_selector("video.shown")
    await source.evaluate(VISIBLE, False)
    first, _ = await frame_after(source)
    await frame_after(source, first)


async def test_the_last_picture_is_replaced_without_a_gap(source: Page, stage: Stage) -> None:
    """While the stream is joined again the source is never transparent."""
    await source.goto(f"{stage.url}/obs/source?optimize")
    old = await source.wait_for_selector("video.shown")
    await source.evaluate(VISIBLE, False)
    assert (await overlay(source))[:, :, 3].min() == 255
    await source.evaluate(VISIBLE, True)
    async with asyncio.timeout(20):
        while await source.evaluate("(old) => document.querySelector('video.shown') === old", old):
            assert (await overlay(source))[:, :, 3].min() == 255


async def test_it_stays_transparent_without_an_engine(source: Page) -> None:
    """What the engine says of its failure does not go on air."""
    stage = Stage({"fail": "There is no file model.safetensors.", "fatal": True})
    await stage.start(until=FAILED)
    await source.goto(f"{stage.url}/obs/source?debug")
    await expect(source.locator("#debug")).to_contain_text("isConnected true")
    await source.evaluate("document.getElementById('debug').remove()")
    assert (await overlay(source))[:, :, 3].max() == 0
    await stage.stop()
