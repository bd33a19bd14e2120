"""A worker as the server meets it: real processes, the real line, the real ring."""

from pathlib import Path

import av
import numpy as np
import psutil
import pytest

from fifo_live.engine.engine import Engine
from fifo_live.engine.plan import Plan
from fifo_live.errors import PromptError
from fifo_live.link.messages import Adjust, Cut, EngineStats, Event, Pause, Request, Resume, Steer
from fifo_live.protocol.cues import WeightedPrompt
from fifo_live.protocol.slots import Queue
from fifo_live.protocol.state import EngineState, Progress
from fifo_live.worker.main import tell_loading
from tests.engine.people import TOY, audience, steer
from tests.toy import ToyDenoiser


class Line:
    """A channel that keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[Event] = []

    def send(self, event: Event) -> None:
        self.sent.append(event)


def test_loading_is_told_on_the_page_too(capsys: pytest.CaptureFixture[str]) -> None:
    """What is being loaded goes to stderr and, as progress, to the server."""
    line = Line()
    tell_loading(line, "Loading vae (0.2 GB).")  # type: ignore[arg-type]
    assert capsys.readouterr().err == "fifo-live: Loading vae (0.2 GB).\n"
    assert line.sent == [Progress(stage="loading", detail="Loading vae (0.2 GB).")]


def kill_last_rank() -> None:
    """Kill the youngest worker that this process has started, the hard way."""
    family = psutil.Process().children(recursive=True)
    workers = [process for process in family if process.cmdline()[-1:] == ["fifo_live.worker.main"]]
    max(workers, key=lambda process: process.create_time()).kill()


def engine_pictures(count: int) -> list[bytes]:
    """What the engine in this process makes of the same seed."""
    toy = ToyDenoiser()
    engine, decoder = Engine(toy, Plan.make(toy.spec, TOY.engine), seed=5), toy.decoder()
    pictures: list[bytes] = []
    while len(pictures) < count:
        if (item := engine.step()) is not None:
            pictures += [picture.tobytes() for picture in decoder.decode(item.x_FCHW).numpy()]
    return pictures


@pytest.mark.parametrize("ranks", [1, 3])
async def test_streams_and_obeys(ranks: int) -> None:
    """One rank and three show the same pictures, and an accepted prompt is on exactly the frames announced."""
    async with audience(TOY.with_values(engine={"ranks": ranks})) as people:
        await people.frames_until(20)
        accepted = await people.ask(steer("fire"))
        assert accepted.visible_frame is not None and accepted.enters_frame is not None and accepted.cue is not None
        assert accepted.visible_frame - accepted.enters_frame == 63
        frames = await people.frames_until(accepted.visible_frame + 5)
        assert [frame.index for frame in frames] == list(range(len(frames)))
        assert [frame.cue for frame in frames] == [int(frame.index >= accepted.visible_frame) for frame in frames]
        assert [frame.picture.tobytes() for frame in frames[:10]] == engine_pictures(10)


async def test_tells_about_itself() -> None:
    """Before the first frame there is progress; then come the queue and figures."""
    async with audience() as people:
        await people.until(lambda: any(isinstance(notice, EngineStats) for notice in people.notices))
        stages = [notice.stage for notice in people.notices if isinstance(notice, Progress)]
        assert list(dict.fromkeys(stages)) == ["loading", "warming", "running"]
        queue = next(notice for notice in people.notices if isinstance(notice, Queue))
        assert len(queue.slots) == 64
        info = people.supervisor.info
        assert info is not None and (info.levels, info.window, info.context, info.ranks) == (64, 16, 8, 1)


@pytest.mark.parametrize("ranks", [1, 2])
async def test_goes_on_after_a_kill(ranks: int) -> None:
    """When a rank is killed all begin again, go on with the numbering and keep what was announced."""
    async with audience(TOY.with_values(engine={"ranks": ranks})) as people:
        await people.frames_until(30)
        accepted = await people.ask(steer("fire"))
        assert accepted.visible_frame is not None
        kill_last_rank()
        frames = await people.frames_until(accepted.visible_frame + 5)
        assert [frame.index for frame in frames] == list(range(len(frames)))
        assert [frame.cue for frame in frames] == [int(frame.index >= accepted.visible_frame) for frame in frames]
        assert people.supervisor.num_restarts == 1


async def test_begins_with_a_picture(tmp_path: Path) -> None:
    """The first frames look like the picture that model.init names; a worker that takes over does not begin with it."""
    picture = tmp_path / "orange.png"
    av.VideoFrame.from_ndarray(np.full((32, 64, 3), (200, 120, 60), np.uint8), "rgb24").save(str(picture))
    model = {"name": "tests.toy:load_flat", "init": str(picture)}
    async with audience(TOY.with_values(model=model, engine={"levels": 24, "ranks": 2})) as people:
        frames = await people.frames_until(8)
        means = [frame.picture.mean(axis=(0, 1)) for frame in frames[:8]]
        assert np.allclose(means, [(200, 120, 60)] * 8, atol=15), means
        count = people.supervisor.memory.start().first_frame
        kill_last_rank()
        frames = await people.frames_until(count + 40)
        assert not np.allclose(frames[-1].picture.mean(axis=(0, 1)), (200, 120, 60), atol=15)
        assert [frame.index for frame in frames][-30:] == list(range(len(frames)))[-30:]


async def test_a_causal_decoder_moves_no_frame() -> None:
    """Where the first latent decodes to one frame instead of four, announced frames stay true over a kill and a cut."""
    config = TOY.with_values(model={"name": "tests.toy:load_causal"})
    async with audience(config) as people:
        await people.frames_until(10)
        fire = await people.ask(steer("fire"))
        assert fire.visible_frame is not None and fire.cue is not None
        assert fire.visible_frame == 4 * fire.cue.start
        kill_last_rank()
        await people.frames_until(fire.visible_frame + 5)
        await people.ask(steer("snow"))
        snow = await people.ask(Cut(request=0))
        assert snow.visible_frame is not None
        frames = await people.frames_until(snow.visible_frame + 9)
        assert people.supervisor.num_restarts == 1
        cues = [(frame.index >= fire.visible_frame) + (frame.index >= snow.visible_frame) for frame in frames]
        assert [(frame.index, frame.cue) for frame in frames if frame.index % 4 == 0] == list(
            zip(range(0, len(frames), 4), cues[::4], strict=True)
        )
        assert all(frame.latent == frame.index // 4 for frame in frames)


@pytest.mark.parametrize("ranks", [1, 2])
async def test_pause_cut_and_resume(ranks: int) -> None:
    """While paused nothing new comes, but requests are answered; a cut brings the newest prompt at once."""
    async with audience(TOY.with_values(engine={"ranks": ranks})) as people:
        await people.frames_until(10)
        await people.ask(Pause(request=0))
        waiting = await people.ask(steer("fire"))
        cut = await people.ask(Cut(request=0))
        assert waiting.visible_frame is not None and cut.visible_frame is not None
        assert cut.visible_frame < waiting.visible_frame
        shown = len(people.frames)
        await people.ask(Resume(request=0))
        frames = await people.frames_until(cut.visible_frame + 3)
        assert shown <= cut.visible_frame
        assert [frame.cue for frame in frames] == [int(frame.index >= cut.visible_frame) for frame in frames]


async def test_refuses_without_harm() -> None:
    """What cannot be done is answered with a code, and the stream goes on."""
    async with audience() as people:
        await people.frames_until(1)
        refused: list[tuple[Request, str]] = [
            (steer("x" * 1001), "prompt_too_long"),
            (Steer(request=0, prompts=[WeightedPrompt(text="a")] * 9), "out_of_range"),
            (Adjust(request=0, guidance=7.0), "no_guidance"),
        ]
        for request, code in refused:
            with pytest.raises(PromptError) as caught:
                await people.ask(request)
            assert caught.value.code == code
        assert (await people.ask(Adjust(request=0, seed=9))).cue is None
        assert (await people.ask(steer("fire gibberish"))).understood == ["fire"]
        await people.frames_until(len(people.frames) + 5)


async def test_failure_is_a_sentence() -> None:
    """A model that is not there ends in FAILED with the reason, not in restarts for ever."""
    async with audience(TOY.with_values(model={"name": "no-such-model"})) as people:
        await people.until(lambda: people.supervisor.state is EngineState.FAILED)
        assert "There is no model called 'no-such-model'" in people.supervisor.message
        assert people.supervisor.num_restarts == 0


async def test_too_many_ranks_is_a_sentence() -> None:
    """More ranks than windows is refused with the number that would fit."""
    async with audience(TOY.with_values(engine={"levels": 8, "context": 0, "window": 8})) as people:
        await people.frames_until(1)
    async with audience(TOY.with_values(engine={"levels": 8, "context": 0, "window": 8, "ranks": 2})) as people:
        await people.until(lambda: people.supervisor.state is EngineState.FAILED)
        assert "use at most 1 rank" in people.supervisor.message
