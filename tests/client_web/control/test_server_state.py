"""Facts about what the page makes of the server's messages."""

from typing import Any

import pytest
from playwright.async_api import Page

MODEL = {"frames_per_latent": 2, "queue_length": 24, "max_prompt_chars": 200, "supports_guidance": True}
RUNNING = {"engine": {"state": "running"}, "paused": False}
WAITING = {
    "cue": 3,
    "prompts": [{"text": "sea"}, {"text": "fire"}],
    "start": 40,
    "transition": 4,
    "status": "waiting",
    "eta_s": 1.5,
    "visible_frame": 80,
    "understood": ["sea"],
}


async def call(bench: Page, name: str, *arguments: Any) -> Any:
    """Call one of the functions."""
    script = "async ([name, given]) => (await import('/web/control/server_state.js'))[name](...given)"
    return await bench.evaluate(script, [name, arguments])


@pytest.mark.parametrize(("delivered_fps", "queue_s"), [(0, 2.0), (12, 4.0), (30, 2.0)])
async def test_the_wait_follows_the_real_rate(bench: Page, delivered_fps: float, queue_s: float) -> None:
    """A machine that is slower than the stream's rate makes the way through the queue longer, never shorter."""
    pace = await call(bench, "paceOf", {"model": MODEL, "fps": 24, **RUNNING}, delivered_fps)
    assert pace["queue_s"] == pytest.approx(queue_s)


async def test_no_wait_is_told_while_no_frames_are_made(bench: Page) -> None:
    """What lies in the queue of a paused engine is on screen nobody knows when."""
    state = {"model": MODEL, "fps": 24, "engine": {"state": "paused"}, "paused": True}
    assert (await call(bench, "paceOf", state, 0))["queue_s"] == 0


async def test_a_blend_reads_as_one_text(bench: Page) -> None:
    """The texts of a cue stand together, and its countdown runs from now."""
    [cue] = await call(bench, "cuesOf", {"cues": [WAITING], "on_air": 0, **RUNNING}, 1000)
    assert (cue["text"], cue["due_ms"], cue["visibleFrame"]) == ("sea + fire", 2500, 80)


@pytest.mark.parametrize("eta_s", [1.5, None])
@pytest.mark.parametrize(("engine", "paused"), [("paused", True), ("stalled", False), ("loading", False)])
async def test_no_time_is_told_while_no_frames_are_made(
    bench: Page, engine: str, paused: bool, eta_s: float | None
) -> None:
    """In a pause, or without an engine, a countdown would be a lie, for cues of before and for one sent just now."""
    state = {"cues": [WAITING | {"eta_s": eta_s}], "on_air": 0, "engine": {"state": engine}, "paused": paused}
    [cue] = await call(bench, "cuesOf", state, 1000)
    sent = await call(bench, "cueOf", {"cue": 4, "eta_s": eta_s}, "sea", {"transition": 0}, state, 1000)
    assert (cue["due_ms"], sent["due_ms"]) == (0, 0)


async def test_a_prompt_without_a_time_does_not_count(bench: Page) -> None:
    """An answer may name none, also while frames are made."""
    sent = await call(bench, "cueOf", {"cue": 4, "eta_s": None}, "sea", {"transition": 0}, RUNNING, 1000)
    assert sent["due_ms"] == 0


@pytest.mark.parametrize(
    ("engine", "stats", "new_fps"),
    [
        ("running", {"delivered_fps": 3.3, "generated_fps": 4}, 3.3),
        ("running", {"delivered_fps": 0, "generated_fps": 0.2}, 0.2),
        ("running", None, 0),
        ("failed", {"delivered_fps": 24, "generated_fps": 24}, 0),
        ("paused", {"delivered_fps": 16, "generated_fps": 16}, 0),
    ],
)
async def test_only_new_frames_count(bench: Page, engine: str, stats: Any, new_fps: float) -> None:
    """What was counted before a pause or a failure is not the rate of now."""
    state = {"engine": {"state": engine}, "paused": engine == "paused"}
    assert await call(bench, "newFramesPerSecond", state, stats) == new_fps


@pytest.mark.parametrize(
    ("state", "token"),
    [
        ({"role": "view"}, "own"),
        ({"role": "steer", "view_token": "to watch"}, "to watch"),
        ({"role": "steer", "view_token": ""}, ""),
        ({"role": "steer"}, ""),
    ],
)
async def test_a_token_that_steers_is_not_handed_on(bench: Page, state: dict[str, str], token: str) -> None:
    """Viewers get the token that the server names for them, also of a server that names none."""
    assert await call(bench, "viewTokenOf", state, "own") == token


@pytest.mark.parametrize(
    ("state", "role", "is_ready"),
    [("running", "steer", True), ("paused", "steer", True), ("loading", "steer", False), ("running", "view", False)],
)
async def test_who_may_steer_and_when(bench: Page, state: str, role: str, is_ready: bool) -> None:
    """Pause and cut need an engine that runs and a token that allows it."""
    message = {"engine": {"state": state}, "model": MODEL, "role": role, "paused": False, "guidance": 1, "seed": 0}
    settings = await call(bench, "settingsOf", message)
    assert settings["isReady"] is is_ready
