"""A prompt that takes long to encode, as a large text encoder on a CPU does."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from fifo_live.link.messages import Cut, Pause, Request, Resume
from fifo_live.protocol.state import EngineState
from tests.engine.people import TOY, audience, steer

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes"),
    pytest.mark.timeout(120),
]


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A pipe: opening it waits until the worker is at a slow prompt, closing it lets the prompt be encoded."""
    path = tmp_path / "gate"
    os.mkfifo(path)
    return path


@pytest.mark.parametrize("ranks", [1, 2])
async def test_a_slow_prompt_does_not_stop_the_picture(ranks: int, gate: Path) -> None:
    """Frames go on while it is encoded; then it is seen exactly where its answer, which counts the wait, says."""
    config = TOY.with_values(model={"name": f"tests.toy:load_patient:{gate}"}, engine={"ranks": ranks, "levels": 16})
    async with audience(config) as people:
        await people.frames_until(8)
        asked = asyncio.create_task(people.ask(steer("slow fire")))
        latch = await asyncio.to_thread(gate.open, "wb")
        frames = await people.frames_until(len(people.frames) + 100)
        shown = len(frames)
        assert not asked.done()
        latch.close()
        accepted = await asked
        assert accepted.visible_frame is not None and accepted.visible_frame >= shown
        frames = await people.frames_until(accepted.visible_frame + 8)
        assert [frame.index for frame in frames] == list(range(len(frames)))
        assert [frame.cue for frame in frames] == [int(frame.index >= accepted.visible_frame) for frame in frames]


async def test_what_is_asked_behind_a_slow_prompt_keeps_its_order(gate: Path) -> None:
    """A quicker prompt, a cut, a pause and its end come behind it, as they were sent."""
    config = TOY.with_values(model={"name": f"tests.toy:load_patient:{gate}"}, engine={"levels": 16})
    async with audience(config) as people:
        await people.frames_until(8)
        requests: list[Request] = [
            steer("slow fire"),
            steer("snow"),
            Cut(request=0),
            Pause(request=0),
            Resume(request=0),
        ]
        asked = [asyncio.create_task(people.ask(request)) for request in requests]
        latch = await asyncio.to_thread(gate.open, "wb")
        await people.frames_until(len(people.frames) + 50)
        assert not any(task.done() for task in asked)
        latch.close()
        fire, snow, cut, *_ = await asyncio.gather(*asked)
        assert fire.cue is not None and snow.cue is not None and cut.cue is not None
        assert (fire.cue.cue, snow.cue.cue, cut.cue.cue) == (1, 2, 2)
        assert people.supervisor.state is EngineState.RUNNING
        assert cut.visible_frame is not None
        frames = await people.frames_until(cut.visible_frame + 8)
        assert [frame.cue for frame in frames] == [2 * int(frame.index >= cut.visible_frame) for frame in frames]


async def test_a_slow_prompt_outlives_the_worker(gate: Path) -> None:
    """When the worker is killed over it, the next one encodes it; it is seen where its answer says."""
    config = TOY.with_values(model={"name": f"tests.toy:load_patient:{gate}"}, engine={"levels": 16})
    async with audience(config) as people:
        await people.frames_until(8)
        asked = [asyncio.create_task(people.ask(request)) for request in (steer("slow fire"), steer("snow"))]
        with await asyncio.to_thread(gate.open, "wb"):
            os.kill(people.supervisor.worker_pid, 9)
            await people.until(lambda: people.supervisor.num_restarts == 1)
        (await asyncio.to_thread(gate.open, "wb")).close()
        fire, snow = await asyncio.gather(*asked)
        assert fire.cue is not None and snow.cue is not None and (fire.cue.cue, snow.cue.cue) == (1, 2)
        assert snow.visible_frame is not None
        frames = await people.frames_until(snow.visible_frame + 4)
        assert {frame.cue for frame in frames if frame.index >= snow.visible_frame} == {2}
