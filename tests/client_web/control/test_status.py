"""Facts about what the page says when something is not as it should be."""

from typing import Any

import pytest
from playwright.async_api import Page

OPEN = {"state": "open"}
LIVE = {"state": "live"}
RUNNING = {"state": "running", "message": "", "progress": None}


async def status(bench: Page, **now: Any) -> Any:
    """Return what is said; all is well where nothing else is given."""
    well = {"control": OPEN, "picture": LIVE, "engine": RUNNING, "hasPicture": True}
    return await bench.evaluate('async (n) => (await import("/web/control/status.js")).statusOf(n)', well | now)


async def test_a_stream_that_runs_needs_no_words(bench: Page) -> None:
    """There is a pill, and neither slate nor banner."""
    assert await status(bench) == {"pill": "Live", "tone": "good", "hint": "", "banner": "", "slate": None}


async def test_loading_shows_how_far_it_is(bench: Page) -> None:
    """Before the first picture the slate says what is done, with progress."""
    progress = {"done": 23, "total": 64, "detail": "23 of 64 slots"}
    engine = {"state": "warming", "message": "", "progress": progress}
    said = await status(bench, engine=engine, picture={"state": "joining"}, hasPicture=False)
    assert said["slate"]["title"] == "Filling the queue from noise"
    assert said["slate"]["progress"]["done"] == 23
    assert said["tone"] == "wait"


async def test_a_failed_engine_gives_its_reason(bench: Page) -> None:
    """What the engine said stands under the headline."""
    engine = {"state": "failed", "message": "There is no file model.safetensors.", "progress": None}
    said = await status(bench, engine=engine, hasPicture=False)
    assert (said["pill"], said["tone"]) == ("Failed", "bad")
    assert said["slate"]["detail"] == "There is no file model.safetensors."


async def test_a_standing_picture_is_not_covered(bench: Page) -> None:
    """When the connection goes, the last frame stays and a banner says why."""
    said = await status(bench, control={"state": "waiting", "reason": "The server does not answer."})
    assert said["slate"] is None
    assert said["banner"] == "No connection to the server. The server does not answer."


async def test_a_pause_is_no_trouble(bench: Page) -> None:
    """A paused engine is well, and does not look as if it ran."""
    said = await status(bench, engine=RUNNING | {"state": "paused"})
    assert (said["pill"], said["tone"], said["banner"]) == ("Paused", "wait", "")


@pytest.mark.parametrize(
    ("new_fps", "pill"), [(0, "Live"), (16, "Live"), (12, "Live"), (11, "Slow"), (3.3, "Slow"), (0.2, "Slow")]
)
async def test_a_slow_engine_is_not_called_live(bench: Page, new_fps: float, pill: str) -> None:
    """The pill follows the new frames, of which none may have been counted yet, and says how many there should be."""
    said = await status(bench, rate={"new_fps": new_fps, "fps": 16})
    assert said["pill"] == pill
    assert said["hint"] == ("" if pill == "Live" else f"The engine makes {new_fps:.1f} of 16 frames per second.")


@pytest.mark.parametrize(
    ("state", "pill", "words"),
    [
        ("stalled", "Stalled", "The engine does not respond"),
        ("restarting", "Restarting", "Restarting the engine"),
        ("loading", "Starting", "Loading the model"),
        ("stopped", "Stopped", "The engine has stopped"),
    ],
)
async def test_the_last_frame_stays_under_the_engines_trouble(bench: Page, state: str, pill: str, words: str) -> None:
    """What the engine is doing is said over the picture, not in its place."""
    said = await status(bench, engine={"state": state, "message": "", "progress": None})
    assert (said["pill"], said["banner"], said["slate"]) == (pill, words, None)


async def test_a_refused_viewer_is_asked_for_a_token(bench: Page) -> None:
    """Whatever else is wrong, the token comes first."""
    control = {"state": "closed", "reason": "This server requires a token.", "isDenied": True}
    said = await status(bench, control=control, engine=None, hasPicture=False)
    assert said["slate"]["wantsToken"] is True
