"""Tests of the supervisor, with real processes that speak the real protocol."""

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Callable

import pytest

from fifo_live.config import Config
from fifo_live.errors import EngineUnavailableError, PromptError, SetupError
from fifo_live.link.frame import Frame
from fifo_live.link.messages import Adjust, Pause, Resume, Steer
from fifo_live.link.ring import FrameRing
from fifo_live.link.state import StateChange
from fifo_live.link.supervisor import Notice, Supervisor
from fifo_live.link.timeouts import Timeouts
from fifo_live.protocol.cues import WeightedPrompt
from fifo_live.protocol.state import EngineState
from tests import barcode

PATIENCE_S = 40.0


class ViewerSessions:
    """Takes frames at once, keeps what it got, and lets a test wait for something to become true."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.notices: list[Notice] = []
        self.takes = True
        self._changed = asyncio.Event()
        self.supervisor = Supervisor(
            Config(),
            self._on_frame,
            self._on_notice,
            module="tests.fake_worker",
            limits=Timeouts(backoff_s=0.02, request_s=20),
        )

    def _on_frame(self, frame: Frame) -> None:
        self.frames.append(frame)
        if self.takes:
            self.supervisor.credit(1)
        self._changed.set()

    def _on_notice(self, notice: Notice) -> None:
        self.notices.append(notice)
        self._changed.set()

    @property
    def states(self) -> list[EngineState]:
        return [notice.state for notice in self.notices if isinstance(notice, StateChange)]

    @property
    def reason(self) -> str:
        """Why the last worker was replaced."""
        changes = [notice for notice in self.notices if isinstance(notice, StateChange)]
        return [change.message for change in changes if change.state is EngineState.RESTARTING][-1]

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def steer(self, text: str, **values: float) -> tuple[int, int]:
        request = Steer.model_validate({"request": 0, "prompts": [WeightedPrompt(text=text)], **values})
        accepted = await self.supervisor.request(request)
        assert accepted.cue is not None and accepted.visible_frame is not None
        return accepted.cue.cue, accepted.visible_frame


@pytest.fixture
async def audience(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ViewerSessions]:
    monkeypatch.setenv("FIFO_LIVE_FAKE", json.dumps({"width": 128, "height": 96, "speed_fps": 200.0}))
    audience = ViewerSessions()
    yield audience
    await audience.supervisor.stop()


async def test_frames_arrive_in_order_with_their_cue(audience: ViewerSessions) -> None:
    """Frames count from 0, and a prompt is seen exactly at the frame that was announced."""
    await audience.supervisor.start()
    await audience.until(lambda: len(audience.frames) > 3)
    cue, visible_frame = await audience.steer("fire")
    await audience.until(lambda: audience.frames[-1].index >= visible_frame)
    assert [frame.index for frame in audience.frames] == list(range(len(audience.frames)))
    assert all(frame.cue == (cue if frame.index >= visible_frame else 0) for frame in audience.frames)
    assert all(barcode.read(frame.picture) == (frame.index, frame.cue) for frame in audience.frames)
    assert audience.states == [EngineState.STARTING, EngineState.LOADING, EngineState.WARMING, EngineState.RUNNING]
    info = audience.supervisor.info
    assert info is not None and info.name == "fake"


async def test_a_worker_makes_no_more_than_it_has_credit_for(audience: ViewerSessions) -> None:
    """Without credit given back, the ring's slots are all that comes."""
    audience.takes = False
    await audience.supervisor.start()
    await audience.until(lambda: len(audience.frames) == 5)
    await audience.supervisor.request(Adjust(request=0, guidance=2.0))
    assert len(audience.frames) == 5
    audience.supervisor.credit(2)
    await audience.until(lambda: len(audience.frames) == 7)


async def test_a_killed_worker_is_followed_by_one_that_goes_on(audience: ViewerSessions) -> None:
    """After kill -9 frame numbers go on, and a prompt announced before is seen where it was announced."""
    await audience.supervisor.start()
    await audience.until(lambda: audience.frames)
    await audience.supervisor.request(Adjust(request=0, guidance=0.0, seed=7))
    cue, visible_frame = await audience.steer("fire", urgency=1.0)
    os.kill(audience.supervisor.worker_pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    await audience.until(lambda: audience.frames[-1].index >= visible_frame + 3)
    assert [frame.index for frame in audience.frames] == list(range(len(audience.frames)))
    assert all(frame.cue == (cue if frame.index >= visible_frame else 0) for frame in audience.frames)
    assert EngineState.RESTARTING in audience.states and audience.supervisor.num_restarts == 1
    start = audience.supervisor.memory.start()
    assert (start.seed, start.guidance) == (7, 0.0)


async def test_a_pause_outlives_the_worker(audience: ViewerSessions) -> None:
    """A worker that starts after a crash in a pause is paused too, and goes on when told."""
    await audience.supervisor.start()
    await audience.until(lambda: audience.frames)
    await audience.supervisor.request(Pause(request=0))
    assert audience.supervisor.state is EngineState.PAUSED
    os.kill(audience.supervisor.worker_pid, signal.SIGTERM)
    await audience.until(lambda: audience.states.count(EngineState.PAUSED) == 2)
    before = len(audience.frames)
    await audience.supervisor.request(Resume(request=0))
    await audience.until(lambda: len(audience.frames) > before + 3)
    assert audience.states[-1] is EngineState.RUNNING


async def test_a_request_made_while_loading_is_answered(audience: ViewerSessions) -> None:
    """A prompt may come before the worker is ready."""
    await audience.supervisor.start()
    cue, _ = await audience.steer("fire")
    assert cue == 1


async def test_a_refused_request_is_a_prompt_error(audience: ViewerSessions) -> None:
    """The worker's refusal reaches the one who asked, with its code."""
    await audience.supervisor.start()
    with pytest.raises(PromptError, match="refused") as caught:
        await audience.steer("!reject")
    assert caught.value.code == "prompt_refused"


async def test_a_request_that_kills_workers_is_given_up(audience: ViewerSessions) -> None:
    """A request over which two workers have died is answered with an error, and the stream goes on."""
    await audience.supervisor.start()
    with pytest.raises(EngineUnavailableError, match="2 times"):
        await audience.steer("!crash")
    await audience.until(lambda: audience.supervisor.state is EngineState.RUNNING)


async def test_a_worker_that_hangs_is_replaced(audience: ViewerSessions) -> None:
    """Silence ends a worker; the request it hangs on is not waited for longer than the limit."""
    object.__setattr__(audience.supervisor._limits, "silence_s", 1.5)
    object.__setattr__(audience.supervisor._limits, "request_s", 0.5)
    object.__setattr__(audience.supervisor._limits, "grace_s", 0.1)
    await audience.supervisor.start()
    await audience.until(lambda: audience.frames)
    with pytest.raises(EngineUnavailableError, match=r"0\.5 s"):
        await audience.steer("!hang")
    await audience.until(lambda: audience.supervisor.num_restarts == 1)
    before = len(audience.frames)
    await audience.until(lambda: len(audience.frames) > before)


@pytest.mark.parametrize(
    ("where", "limit", "words"),
    [("hello", "hello_s", "not connected for 2 s"), ("tick", "silence_s", "sent nothing for 2 s")],
)
async def test_a_worker_that_hangs_before_its_first_frame_is_replaced(
    audience: ViewerSessions, monkeypatch: pytest.MonkeyPatch, where: str, limit: str, words: str
) -> None:
    """Whether it never says that it is there, or never comes back from its first tick."""
    monkeypatch.setenv("FIFO_LIVE_FAKE", json.dumps({"hang": where}))
    object.__setattr__(audience.supervisor._limits, limit, 2.0)
    object.__setattr__(audience.supervisor._limits, "grace_s", 0.1)
    await audience.supervisor.start()
    await audience.until(lambda: audience.supervisor.num_restarts == 1)
    assert words in audience.reason


async def test_a_worker_that_stands_still_is_seen(audience: ViewerSessions) -> None:
    """Without frames the state is `stalled` and says since when; with the next frame it runs again, as the same one."""
    object.__setattr__(audience.supervisor._limits, "stall_s", 0.4)
    await audience.supervisor.start()
    await audience.until(lambda: audience.frames)
    os.kill(audience.supervisor.worker_pid, signal.SIGSTOP)
    await audience.until(lambda: audience.supervisor.state is EngineState.STALLED)
    assert audience.supervisor.message.startswith("No frame has arrived for ")
    os.kill(audience.supervisor.worker_pid, signal.SIGCONT)
    await audience.until(lambda: audience.supervisor.state is EngineState.RUNNING)
    assert audience.supervisor.message == "" and audience.supervisor.num_restarts == 0


async def test_a_worker_without_credit_does_not_stand_still(audience: ViewerSessions) -> None:
    """While we hold all frames, and in a pause, no frame is expected."""
    audience.takes = False
    await audience.supervisor.start()
    await audience.until(lambda: len(audience.frames) == 5)
    audience.supervisor._stall()
    audience.supervisor.credit(1)
    await audience.supervisor.request(Pause(request=0))
    audience.supervisor._stall()
    assert audience.states[-2:] == [EngineState.RUNNING, EngineState.PAUSED]


async def test_server_and_worker_may_be_stopped_together(audience: ViewerSessions) -> None:
    """Who slept through the limit asks once more; the worker that slept as well goes on, and so do requests."""
    limits = audience.supervisor._limits
    for name in ("silence_s", "request_s", "stall_s"):
        object.__setattr__(limits, name, 1.0)
    await audience.supervisor.start()
    await audience.until(lambda: audience.frames)
    os.kill(audience.supervisor.worker_pid, signal.SIGSTOP)
    waiting = asyncio.create_task(audience.steer("fire"))
    await asyncio.sleep(0)
    time.sleep(3.0)  # This process is the server; it hears nothing either.
    os.kill(audience.supervisor.worker_pid, signal.SIGCONT)
    before = len(audience.frames)
    await waiting
    await audience.until(lambda: len(audience.frames) > before + 3)
    assert audience.supervisor.num_restarts == 0
    assert audience.states[-1] is EngineState.RUNNING and EngineState.STALLED not in audience.states


async def test_a_fatal_failure_ends_the_trying(audience: ViewerSessions, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that says that a restart would not help is believed, and its sentence is kept."""
    monkeypatch.setenv("FIFO_LIVE_FAKE", json.dumps({"fail": "There is no such model.", "fatal": True}))
    await audience.supervisor.start()
    await audience.until(lambda: audience.supervisor.state is EngineState.FAILED)
    assert audience.supervisor.message == "There is no such model."
    with pytest.raises(EngineUnavailableError, match="no such model"):
        await audience.steer("fire")


async def test_too_little_shared_memory_ends_the_trying(
    audience: ViewerSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said once, with what is wanted; no second worker is started, and the first one is ended."""

    def create(slots: int, height: int, width: int) -> FrameRing:
        raise SetupError(f"There is no room for {slots} frames.")

    monkeypatch.setattr(FrameRing, "create", create)
    await audience.supervisor.start()
    await audience.until(lambda: audience.supervisor.state is EngineState.FAILED)
    assert audience.supervisor.message == "There is no room for 5 frames."
    assert audience.supervisor.num_restarts == 0 and audience.supervisor.worker_pid == 0


async def test_early_deaths_end_the_trying(audience: ViewerSessions, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that never gets as far as a frame is not started for ever."""
    monkeypatch.setenv("FIFO_LIVE_FAKE", json.dumps({"die_early": True}))
    await audience.supervisor.start()
    await audience.until(lambda: audience.supervisor.state is EngineState.FAILED)
    assert "4 times" in audience.supervisor.message and "exit code 1" in audience.supervisor.message


async def test_too_many_requests_are_refused(audience: ViewerSessions) -> None:
    """What waits for the engine is bounded."""
    audience.supervisor.state = EngineState.STARTING
    tasks = [asyncio.create_task(audience.steer("fire")) for _ in range(64)]
    await asyncio.sleep(0)
    with pytest.raises(PromptError) as caught:
        await audience.steer("fire")
    assert caught.value.code == "busy"
    await audience.supervisor.stop()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(result, EngineUnavailableError) for result in results)


async def test_stop_leaves_nothing_behind(audience: ViewerSessions) -> None:
    """After stop() the process and the shared memory are gone; a second stop() does nothing."""
    await audience.supervisor.start()
    await audience.until(lambda: audience.frames)
    pid, ring = audience.supervisor.worker_pid, audience.supervisor._shelf._ring
    assert ring is not None
    name = ring.name
    await audience.supervisor.stop()
    await audience.supervisor.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(FileNotFoundError):
        FrameRing.attach(name, 1, 1, 1)
    assert audience.supervisor.state is EngineState.STOPPED
