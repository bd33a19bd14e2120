"""The whole way, from a worker's process to viewers over WebRTC."""

import asyncio
import os
import signal
from itertools import pairwise

import aioice.ice
import pytest

from fifo_live.protocol.state import EngineState
from server.media.codec import Codec
from server.media.outputs.webrtc import ice_agent as agent
from tests import barcode
from tests.server.conftest import House, OpenHouse


def is_rising(seen: list[tuple[int, int]]) -> bool:
    return all(before[0] <= after[0] for before, after in pairwise(seen))


async def test_a_prompt_is_seen_exactly_where_it_was_announced(house: House) -> None:
    """Two viewers with different codecs see the cue change at the announced frame, and `on_air` names that frame."""
    async with house.viewer("H264") as first, house.viewer("VP8") as second, house.control() as client:
        await asyncio.gather(first.see(), second.see())
        accepted = await client.ask({"type": "prompt", "id": "7", "text": "fire over the sea"})
        cue, visible_frame = accepted["cue"], accepted["visible_frame"]
        assert accepted["understood"] == ["sea", "fire"]
        assert accepted["enters_frame"] < visible_frame
        for seen in await asyncio.gather(first.see_until(visible_frame + 5), second.see_until(visible_frame + 5)):
            assert is_rising(seen)
            assert {shown for frame, shown in seen if frame < visible_frame} <= {0}
            assert {shown for frame, shown in seen if frame >= visible_frame} == {cue}
        on_air = await client.have_heard("on_air", cue=cue)
        assert on_air["frame"] == visible_frame
        assert {viewer.viewer.codec for viewer in house.studio.audience._sessions.values()} == set(Codec)


async def test_the_announced_time_is_kept(house: House) -> None:
    """A prompt is on air within a few frames of the time that was announced."""
    await house.until_running()
    async with house.control() as client:
        accepted = await client.ask({"type": "prompt", "id": 1, "text": "fire"})
        assert 0.1 < accepted["eta_s"] < 5.0
        await client.have_heard("on_air", cue=accepted["cue"])
    assert abs(house.studio.last_eta_error_s) < 1.0


async def test_a_viewer_that_vanishes_disturbs_nobody(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """When one viewer is gone without a word, the other goes on, and the place is free again."""
    monkeypatch.setattr(aioice.ice, "CONSENT_INTERVAL", 0.2)
    monkeypatch.setattr(aioice.ice, "CONSENT_FAILURES", 2)
    monkeypatch.setattr(agent, "CONSENT_RETRANSMISSIONS", 0)
    async with house.control() as client, house.viewer() as staying:
        async with house.viewer() as vanishing:
            await asyncio.gather(staying.see(), vanishing.see())
            assert len(house.studio.audience) == 2
            vanishing.vanish()
            frame, _ = await staying.see()
            await client.send({"type": "subscribe", "channels": ["stats"]})
            await client.hear("stats", viewers=1)
            await staying.see_until(frame + 10)


async def test_a_viewer_gets_a_keyframe_when_it_asks(house: House) -> None:
    """Picture loss indications make a keyframe, but one viewer's make only one in two seconds."""
    async with house.viewer() as viewer:
        frame, _ = await viewer.see()
        encoder = house.studio.publishers[Codec.H264].encoder
        before, num_sent = encoder.num_keyframes, 0
        while encoder.num_keyframes == before:
            await viewer.request_keyframe()
            frame, _ = await viewer.see()
            num_sent += 1
        await viewer.see_until(frame + 10)
        assert encoder.num_keyframes == before + 1 and num_sent > 5


async def test_encoding_costs_nothing_without_viewers(house: House) -> None:
    """A codec that nobody watches is not encoded, and the last viewer's leaving ends it."""
    async with house.viewer("VP8") as viewer:
        await viewer.see()
    counts = {codec: publisher.encoder.num_encoded for codec, publisher in house.studio.publishers.items()}
    assert counts[Codec.H264] == 0 < counts[Codec.VP8]
    assert all(publisher.num_viewers == 0 for publisher in house.studio.publishers.values())


async def test_a_killed_worker_interrupts_but_does_not_end_the_stream(open_house: OpenHouse) -> None:
    """After kill -9 of the worker the viewer stays, frames go on, and a prompt announced before lands where it was."""
    async with open_house(fake={"levels": 30}) as house, house.viewer() as viewer, house.control() as client:
        await viewer.see()
        accepted = await client.ask({"type": "prompt", "id": "a", "text": "fire"})
        os.kill(house.studio.supervisor.worker_pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        seen = await viewer.see_until(accepted["visible_frame"] + 5)
        assert is_rising(seen)
        for frame, cue in seen:
            assert cue == (accepted["cue"] if frame >= accepted["visible_frame"] else 0)
        assert viewer.connection.connectionState == "connected"
        assert house.studio.supervisor.num_restarts == 1
        assert (await client.have_heard("on_air", cue=accepted["cue"]))["frame"] == accepted["visible_frame"]


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="Windows stops no process")
async def test_a_worker_that_stands_still_is_told(house: House) -> None:
    """The state is `stalled`, /readyz answers 503 and the last frame stays; with new frames all is as before."""
    async with house.viewer() as viewer, house.control() as client:
        frame, _ = await viewer.see()
        os.kill(house.studio.supervisor.worker_pid, signal.SIGSTOP)
        state = await client.state_where(lambda state: state["engine"]["state"] == "stalled")
        assert state["engine"]["message"].startswith("No frame has arrived for ")
        answer = await house.http.get("/readyz")
        assert (answer.status_code, answer.json()["engine"]) == (503, "stalled")
        assert (await viewer.see())[0] >= frame
        os.kill(house.studio.supervisor.worker_pid, signal.SIGCONT)
        await client.state_where(lambda state: state["engine"]["state"] == "running")
        assert (await house.http.get("/readyz")).status_code == 200


async def test_a_worker_that_runs_late_is_shown_evenly(open_house: OpenHouse) -> None:
    """With 5 new frames a second, viewers get 5 pictures a second after a while, each of them new."""
    async with open_house(fake={"speed_fps": 5.0}) as house, house.viewer() as viewer:
        seen = [await viewer.see()]
        async with asyncio.timeout(60):
            while [frame for frame, _ in seen[-12:]] != list(range(seen[-1][0] - 11, seen[-1][0] + 1)):
                seen.append(await viewer.see())
        assert house.studio.pacer.fps == 25.0 and 4.0 < house.studio.pacer.cadence.fps < 6.0


async def test_a_rate_that_was_asked_for_is_kept(open_house: OpenHouse) -> None:
    """With stream.fps viewers get that many pictures, and with 5 new frames a second most are repeats, and counted."""
    async with open_house(fake={"speed_fps": 5.0}, stream={"fps": 25.0}) as house, house.viewer() as viewer:
        frame, _ = await viewer.see()
        pictures = [barcode.read(await viewer.picture()) for _ in range(40)]
        last = pictures[-1]
        assert last is not None and last[0] - frame <= 16
        assert house.studio.pacer.num_late > 10


async def test_a_pause_keeps_the_last_frame(house: House) -> None:
    """In a pause viewers get the same frame again and again, and it goes on where it stopped."""
    async with house.viewer() as viewer, house.control() as client:
        await viewer.see()
        assert (await client.ask({"type": "pause", "id": 1}))["type"] == "accepted"
        state = await client.state_where(lambda state: state["paused"])
        assert state["engine"]["state"] == "paused"
        seen = [(await viewer.see())[0] for _ in range(30)]
        assert seen[-1] == seen[-2]
        assert (await client.ask({"type": "resume", "id": 2}))["type"] == "accepted"
        await viewer.see_until(seen[-1] + 3)


async def test_a_cut_brings_the_newest_prompt_forward(open_house: OpenHouse) -> None:
    """A prompt that would have been seen much later is seen at once, in the frame that the cut's answer names."""
    async with open_house(fake={"levels": 200}) as house, house.viewer() as viewer, house.control() as client:
        await viewer.see()
        late = await client.ask({"type": "prompt", "id": 1, "text": "fire"})
        cut = await client.ask({"type": "cut", "id": 2})
        assert cut["cue"] == late["cue"] and cut["visible_frame"] < late["visible_frame"]
        for frame, cue in await viewer.see_until(cut["visible_frame"] + 3):
            assert cue == (late["cue"] if frame >= cut["visible_frame"] else 0)
        assert (await client.have_heard("on_air", cue=late["cue"]))["frame"] == cut["visible_frame"]


async def test_before_the_first_frame_nothing_is_shown(open_house: OpenHouse) -> None:
    """Viewers of an engine that cannot run are connected and see nothing; the control socket and /readyz say why."""
    async with open_house(fake={"fail": "There is no such model.", "fatal": True}) as house:
        async with house.viewer(), house.control() as client:
            state = await client.state_where(lambda state: state["engine"]["state"] == "failed")
            assert state["engine"]["message"] == "There is no such model."
            error = await client.ask({"type": "prompt", "id": 1, "text": "fire"})
            assert error["code"] == "engine_unavailable"
            assert [publisher.encoder.num_encoded for publisher in house.studio.publishers.values()] == [0, 0]
        ready = await house.http.get("/readyz")
        assert ready.status_code == 503 and ready.json()["message"] == "There is no such model."


async def test_a_viewer_who_came_before_the_first_frame_sees_it(open_house: OpenHouse) -> None:
    """The connection stands while the engine is loading, and the picture comes by it."""
    async with open_house(fake={"ready_after_s": 1.0}) as house, house.viewer() as viewer:
        assert house.studio.pacer.position == -1
        assert (await viewer.see())[1] == 0


async def test_the_server_ends_the_session(house: House) -> None:
    """A session that is deleted is over for its viewer too."""
    async with house.viewer() as viewer:
        await viewer.see()
        assert (await house.http.delete(viewer.session)).status_code == 200
        await viewer.until_over()
        assert (await house.http.delete(viewer.session)).status_code == 404


async def test_unpaced_frames_come_as_they_are_made(open_house: OpenHouse) -> None:
    """With pacing off more frames are shown than the model's rate, for benchmarks."""
    async with open_house(stream={"paced": False}, fake={"fps": 1.0}) as house, house.control() as client:
        await client.send({"type": "subscribe", "channels": ["stats"]})
        while (await client.hear("stats"))["frame"] < 30:
            assert house.studio.supervisor.state is not EngineState.FAILED
