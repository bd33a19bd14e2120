"""Facts about the local file that waits for the server."""

from playwright.async_api import Frame, Page

from tests.client_web.picture import frame_after
from tests.client_web.stage import Stage
from tests.obs_plugin.overlay import overlay
from tests.trees import ROOT

LOADER = (ROOT / "obs_plugin" / "loader.html").as_uri()
TOKEN = "open sesame"


async def inner(source: Page) -> Frame:
    """Return the server's page inside the loader, with its picture."""
    await source.wait_for_selector("iframe")
    [frame] = [frame for frame in source.frames if frame != source.main_frame]
    await frame.wait_for_selector("video.shown")
    return frame


async def test_it_waits_for_the_server(source: Page) -> None:
    """OBS may start first: nothing is painted, and then, without anybody doing anything, there is the picture.

    When the server goes and comes back, so does the picture.
    """
    stage = Stage({}, server={"token": TOKEN})
    await source.goto(f"{LOADER}?server={stage.url}&token={TOKEN}&debug")
    await source.wait_for_selector("#debug")
    await source.evaluate("document.getElementById('debug').remove()")
    assert (await overlay(source))[:, :, 3].max() == 0
    await stage.start()
    frame = await inner(source)
    old = await frame.query_selector("video.shown")
    await stage.stop()
    await stage.start()
    await frame.wait_for_function("(old) => document.querySelector('video.shown') !== old", arg=old)
    await frame_after(frame)
    await stage.stop()


async def test_the_picture_fills_the_source(source: Page, stage: Stage) -> None:
    """The frame around the page is not seen, and what the page leaves free stays transparent."""
    await source.goto(f"{LOADER}?server={stage.url}&fit=contain")
    await inner(source)
    alpha = (await overlay(source))[:, :, 3]
    assert alpha[10].max() == 0
    assert alpha[100:500].min() == 255


async def test_obs_events_reach_the_page_inside(source: Page, stage: Stage) -> None:
    """OBS tells only the outer page that the source is hidden; the inner one rests all the same."""
    await source.goto(f"{LOADER}?server={stage.url}&optimize&debug")
    frame = await inner(source)
    await source.evaluate("dispatchEvent(new CustomEvent('obsSourceVisibleChanged', { detail: { visible: false } }))")
    await frame.wait_for_function("document.getElementById('debug').textContent.includes('state closed')")


async def test_a_page_without_a_word_is_loaded_anew(source: Page, stage: Stage) -> None:
    """What was shown when the server broke off is replaced once the server is back for good."""
    await source.clock.install()
    await source.route("**/obs/source*", lambda route: route.fulfill(body="not our page"), times=1)
    await source.goto(f"{LOADER}?server={stage.url}")
    silent = await source.wait_for_selector("iframe")
    await source.clock.run_for(25_000)
    await source.wait_for_function("(old) => document.querySelector('iframe') !== old", arg=silent)
    await inner(source)


async def test_the_old_picture_stays_under_the_new_page(source: Page, stage: Stage) -> None:
    """A page that stands still for a minute is replaced only when the one after it has a picture."""
    await source.goto(f"{LOADER}?server={stage.url}")
    await inner(source)
    await source.wait_for_function("loader.hasPicture")
    old = await source.query_selector("iframe")
    await source.route("**/whep", lambda route: route.abort())
    await source.evaluate("loader.renew()")
    await source.wait_for_function("document.querySelectorAll('iframe').length === 2")
    assert (await overlay(source))[:, :, 3].min() == 255
    await source.unroute("**/whep")
    await source.wait_for_function("(old) => !old.isConnected", arg=old)
    assert (await overlay(source))[:, :, 3].min() == 255
