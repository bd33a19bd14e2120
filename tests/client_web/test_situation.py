"""Facts about what the page says when something is not as it should be."""

from typing import Any

from playwright.async_api import Page

OPEN = {"state": "open"}
LIVE = {"state": "live"}
RUNNING = {"state": "running", "message": "", "progress": None}


async def situation(bench: Page, **now: Any) -> Any:
    """Return what is said; all is well where nothing else is given."""
    well = {"control": OPEN, "picture": LIVE, "engine": RUNNING, "hasPicture": True, "wasOnAir": True}
    return await bench.evaluate('async (n) => (await import("/web/situation.js")).situationOf(n)', well | now)


async def test_a_stream_that_runs_needs_no_words(bench: Page) -> None:
    """There is a pill, and neither slate nor banner."""
    assert await situation(bench) == {"pill": "Live", "tone": "good", "banner": "", "slate": None}


async def test_loading_shows_how_far_it_is(bench: Page) -> None:
    """Before the first picture the slate says what is done, with progress."""
    progress = {"done": 23, "total": 64, "detail": "23 of 64 slots"}
    engine = {"state": "warming", "message": "", "progress": progress}
    said = await situation(bench, engine=engine, picture={"state": "joining"}, hasPicture=False)
    assert said["slate"]["title"] == "Filling the queue from noise"
    assert said["slate"]["progress"]["done"] == 23
    assert said["tone"] == "wait"


async def test_a_failed_engine_gives_its_reason(bench: Page) -> None:
    """What the engine said stands under the headline."""
    engine = {"state": "failed", "message": "There is no file model.safetensors.", "progress": None}
    said = await situation(bench, engine=engine, hasPicture=False)
    assert (said["pill"], said["tone"]) == ("Failed", "bad")
    assert said["slate"]["detail"] == "There is no file model.safetensors."


async def test_a_standing_picture_is_not_covered(bench: Page) -> None:
    """When the connection goes, the last frame stays and a banner says why."""
    said = await situation(bench, control={"state": "waiting", "reason": "The server does not answer."})
    assert said["slate"] is None
    assert said["banner"] == "No connection to the server. The server does not answer."


async def test_a_pause_is_no_trouble(bench: Page) -> None:
    """A paused engine is well."""
    said = await situation(bench, engine=RUNNING | {"state": "paused"})
    assert (said["pill"], said["tone"], said["banner"]) == ("Paused", "good", "")


async def test_the_servers_own_slate_is_covered(bench: Page) -> None:
    """Before the engine's first frame the page says itself how far it is, instead of showing the words as a picture."""
    engine = {"state": "loading", "message": "", "progress": None}
    said = await situation(bench, engine=engine, wasOnAir=False)
    assert said["slate"]["title"] == "Loading the model"


async def test_a_refused_viewer_is_asked_for_a_token(bench: Page) -> None:
    """Whatever else is wrong, the token comes first."""
    control = {"state": "closed", "reason": "This server wants a token.", "isDenied": True}
    said = await situation(bench, control=control, engine=None, hasPicture=False)
    assert said["slate"]["wantsToken"] is True
