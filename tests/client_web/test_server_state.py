"""Facts about what the page makes of the server's messages."""

from typing import Any

import pytest
from playwright.async_api import Page

MODEL = {"frames_per_latent": 2, "queue_length": 24, "max_prompt_chars": 200, "supports_guidance": True}
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
    script = "async ([name, given]) => (await import('/web/server_state.js'))[name](...given)"
    return await bench.evaluate(script, [name, arguments])


@pytest.mark.parametrize(("delivered_fps", "queue_s"), [(0, 2.0), (12, 4.0), (30, 2.0)])
async def test_the_wait_follows_the_real_rate(bench: Page, delivered_fps: float, queue_s: float) -> None:
    """A machine that is slower than the stream's rate makes the way through the queue longer, never shorter."""
    pace = await call(bench, "paceOf", {"model": MODEL, "fps": 24}, delivered_fps)
    assert pace["queue_s"] == pytest.approx(queue_s)


async def test_a_blend_reads_as_one_text(bench: Page) -> None:
    """The texts of a cue stand together, and its countdown runs from now."""
    [cue] = await call(bench, "cuesOf", {"cues": [WAITING], "paused": False}, 1000)
    assert (cue["text"], cue["due_ms"], cue["visibleFrame"]) == ("sea + fire", 2500, 80)


async def test_nobody_knows_the_end_of_a_pause(bench: Page) -> None:
    """While the engine is paused a countdown would be a lie."""
    [cue] = await call(bench, "cuesOf", {"cues": [WAITING], "paused": True}, 1000)
    assert cue["due_ms"] == 0


@pytest.mark.parametrize(
    ("state", "role", "is_ready"),
    [("running", "steer", True), ("paused", "steer", True), ("loading", "steer", False), ("running", "view", False)],
)
async def test_who_may_steer_and_when(bench: Page, state: str, role: str, is_ready: bool) -> None:
    """Pause and cut need an engine that runs and a token that allows it."""
    message = {"engine": {"state": state}, "model": MODEL, "role": role, "paused": False, "guidance": 1, "seed": 0}
    settings = await call(bench, "settingsOf", message)
    assert settings["isReady"] is is_ready
