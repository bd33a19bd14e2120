"""Tests of the control socket."""

import asyncio
import json
import logging
from contextlib import AsyncExitStack
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from fifo_live.protocol.cues import WeightedPrompt
from fifo_live.protocol.state import State
from server.control import hub
from server.control import snapshot as report
from server.control.cues import CueEntry
from server.control.forecast import Forecast
from server.http import control_socket as control
from server.http.attempts import BURST
from tests.server.conftest import PATIENCE_S, ControlClient, House, OpenHouse


async def test_the_state_comes_first(house: House) -> None:
    """Whoever connects is told everything a page needs, without asking."""
    await house.until_running()
    async with house.control() as client:
        state = await client.hear("state")
        assert len(client.heard) == 1
        assert state["version"] == 1 and state["role"] == "steer"
        assert state["engine"]["state"] == "running"
        assert state["model"]["knows"] == ["sea", "fire", "city", "night"]
        assert (state["fps"], state["viewers"], state["paused"], state["seed"]) == (25.0, 0, False, 0)
        assert state["guidance"] == 1.0
        cue = state["cues"][0]
        assert (cue["cue"], cue["prompts"][0]["text"], cue["status"]) == (0, "a quiet sea", "on_air")


async def test_a_prompt_is_followed_through(house: House) -> None:
    """The answer repeats the id; every client's state shows the cue waiting, and then on air."""
    await house.until_running()
    async with house.control() as client, house.control() as other:
        accepted = await client.ask({"type": "prompt", "id": "x", "text": "  fire ", "transition": 4})
        state = await other.state_where(lambda state: len(state["cues"]) == 2)
        cue = state["cues"][1]
        assert cue["prompts"] == [{"text": "fire", "weight": 1.0}]
        assert (cue["cue"], cue["transition"], cue["status"]) == (accepted["cue"], 4, "waiting")
        assert cue["visible_frame"] == accepted["visible_frame"] and cue["understood"] == ["fire"]
        on_air = await other.have_heard("on_air", cue=accepted["cue"])
        assert on_air["frame"] == accepted["visible_frame"]
    async with house.control() as late:
        state = await late.hear("state")
        assert state["on_air"] == accepted["cue"]
        assert [cue["status"] for cue in state["cues"]] == ["past", "on_air"]


async def test_all_commands_are_answered(house: House) -> None:
    """Blends, knobs, pause, resume and cut are taken, and the state tells of them."""
    async with house.control() as client:
        blend = [{"text": "sea", "weight": 2}, {"text": "fire"}]
        commands: list[dict[str, Any]] = [
            {"type": "prompt", "id": 1, "prompts": blend, "transition": 512, "urgency": 0},
            {"type": "set", "id": 2, "guidance": 5.0, "seed": 3},
            {"type": "pause", "id": 3},
            {"type": "resume", "id": 4},
            {"type": "cut", "id": 5},
        ]
        for command in commands:
            assert (await client.ask(command))["type"] == "accepted", command
        state = await client.state_where(lambda state: state["guidance"] == 5.0)
        assert (state["seed"], state["paused"]) == (3, False)


BAD_MESSAGES: list[tuple[object, str]] = [
    ("hello", "bad_message"),
    ("", "bad_message"),
    ("[]", "bad_message"),
    ('{"type": "prompt", "text": "\\ud800"}', "bad_message"),
    (b"\x00\x01", "bad_message"),
    ("{" * 5000, "bad_message"),
    ({}, "unknown_type"),
    ({"type": "dance"}, "unknown_type"),
    ({"type": "prompt"}, "bad_message"),
    ({"type": "prompt", "text": "a", "prompts": [{"text": "b"}]}, "bad_message"),
    ({"type": "prompt", "text": "a", "colour": "red"}, "bad_message"),
    ({"type": "prompt", "text": ""}, "prompt_empty"),
    ({"type": "prompt", "text": " \n\t "}, "prompt_empty"),
    ({"type": "prompt", "text": "\u200b\u200d\ufeff"}, "prompt_empty"),
    ({"type": "prompt", "text": "\u2800 \u3164\u00ad"}, "prompt_empty"),
    ({"type": "prompt", "text": "\x00\x01"}, "prompt_empty"),
    ({"type": "prompt", "prompts": [{"text": "a"}, {"text": "\u202e"}]}, "prompt_empty"),
    ({"type": "prompt", "text": "a" * 201}, "prompt_too_long"),
    ({"type": "prompt", "text": 5}, "not_text"),
    ({"type": "prompt", "text": ["a"]}, "not_text"),
    ({"type": "prompt", "prompts": []}, "bad_message"),
    ({"type": "prompt", "prompts": [{"text": "a"}] * 9}, "bad_message"),
    ({"type": "prompt", "prompts": [{"text": 5}]}, "not_text"),
    ({"type": "prompt", "prompts": [{"text": "a", "weight": 0}]}, "out_of_range"),
    ({"type": "prompt", "text": "a", "transition": -1}, "out_of_range"),
    ({"type": "prompt", "text": "a", "transition": 513}, "out_of_range"),
    ({"type": "prompt", "text": "a", "transition": 1.5}, "bad_message"),
    ({"type": "prompt", "text": "a", "transition": "8"}, "bad_message"),
    ({"type": "prompt", "text": "a", "urgency": 1.01}, "out_of_range"),
    ('{"type": "prompt", "text": "a", "urgency": NaN}', "out_of_range"),
    ({"type": "set"}, "bad_message"),
    ({"type": "set", "guidance": 51}, "out_of_range"),
    ({"type": "set", "seed": -1}, "out_of_range"),
    ({"type": "set", "seed": 2**63}, "out_of_range"),
    ({"type": "set", "guidance": True}, "bad_message"),
    ({"type": "subscribe", "channels": ["weather"]}, "bad_message"),
    ({"type": "prompt", "text": "a", "id": "i" * 65}, "bad_message"),
    ({"type": "prompt", "text": "a" * 70000}, "too_long"),
    ({"type": "prompt", "text": "\u6d77" * 22000}, "too_long"),
    ('{"type": "prompt", "text": "' + "\u6d77" * 22000 + '"}', "too_long"),
    ("[" * 5000, "bad_message"),
    ('{"id": ' * 5000, "bad_message"),
    ('{"type": "prompt", "text": ' + "[" * 900 + "]" * 900 + "}", "bad_message"),
    ({"type": "dance", "id": True}, "bad_message"),
    ({"type": "pause", "id": False}, "bad_message"),
    ({"type": "dance", "id": 1.5}, "bad_message"),
    ({"type": "dance", "id": ["a"]}, "bad_message"),
    ('{"type": "dance", "id": ' + "9" * 5000 + "}", "bad_message"),
    ({"type": "pause", "id": 2**63}, "bad_message"),
    ({"type": "dance", "id": "\ud800"}, "bad_message"),
    ({"type": "pause", "id": "\udfff"}, "bad_message"),
    ({"type": "x" * 60000}, "unknown_type"),
    ({"type": "pause", "k" * 60000: 1}, "bad_message"),
    ({"type": {"type": "pause"}}, "unknown_type"),
    ({"type": "prompt", "text": "!reject"}, "prompt_refused"),
]


async def test_nonsense_is_answered_and_the_connection_stays(house: House) -> None:
    """Each wrong message gets an error with a code and a sentence; then a right one is still taken."""
    await house.until_running()
    async with house.control() as client:
        for message, code in BAD_MESSAGES:
            await client.send(message)
            error = await client.hear("error")
            assert error["code"] == code, (message, error)
            assert 10 < len(error["message"]) < 1000 and error["id"] is None
        assert (await client.ask({"type": "pause", "id": "still here"}))["type"] == "accepted"


async def test_errors_repeat_the_id(house: House) -> None:
    """Also a message that is wrong gets its id back, where it can be read."""
    async with house.control() as client:
        assert (await client.ask({"type": "dance", "id": 17}))["code"] == "unknown_type"
        assert (await client.ask({"type": "prompt", "id": "18", "text": ""}))["code"] == "prompt_empty"


async def test_channels_are_heard_by_those_who_subscribe(house: House) -> None:
    """Queue and stats come to subscribers, and no more after they unsubscribe."""
    async with house.control() as client, house.control() as other:
        await client.ask({"type": "subscribe", "id": 1, "channels": ["queue", "stats"]})
        queue = await client.hear("queue")
        assert [slot["level"] for slot in queue["slots"]] == [n / 8 for n in range(8)]
        stats = await client.hear("stats")
        assert stats["generated_fps"] == 100.0 and stats["tick_ms"] == 4.0
        await client.ask({"type": "unsubscribe", "id": 2, "channels": ["queue", "stats"]})
        accepted = await client.ask({"type": "prompt", "id": 3, "text": "fire"})
        heard = len(client.heard)
        await client.hear("on_air", cue=accepted["cue"])
        assert {message["type"] for message in client.heard[heard:]} <= {"state", "on_air"}
        await other.have_heard("on_air", cue=accepted["cue"])
        assert {message["type"] for message in other.heard} == {"state", "on_air"}


async def test_a_client_may_not_ask_without_end(open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests that wait for the engine are bounded per client."""
    monkeypatch.setattr(control, "MAX_PENDING", 3)
    async with open_house(fake={"ready_after_s": 30.0}) as house, house.control() as client:
        for number in range(3):
            await client.send({"type": "prompt", "id": number, "text": "fire"})
        assert (await client.ask({"type": "prompt", "id": "one more", "text": "fire"}))["code"] == "busy"


async def test_in_a_pause_nobody_is_told_a_time(house: House) -> None:
    """Neither the answer nor the state names seconds while the stream rests; when it goes on, the state does."""
    await house.until_running()
    async with house.control() as client:
        await client.ask({"type": "pause", "id": 1})
        accepted = await client.ask({"type": "prompt", "id": 2, "text": "fire"})
        assert accepted["eta_s"] is None and accepted["visible_frame"] > 0
        state = await client.state_where(lambda state: len(state["cues"]) == 2)
        assert (state["cues"][1]["status"], state["cues"][1]["eta_s"]) == ("waiting", None)
        await client.ask({"type": "resume", "id": 3})
        state = await client.state_where(lambda state: not state["paused"])
        assert state["cues"][1]["eta_s"] > 0


async def test_a_time_that_is_no_longer_true_is_told_anew(
    open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the engine's rate falls, those who wait for a cue are told its new time, without asking."""
    frames_per_second = 25.0
    monkeypatch.setattr(Forecast, "delivered_per_second", lambda forecast, now_s: frames_per_second)
    async with open_house(fake={"levels": 1000}) as house:
        await house.until_running()
        async with house.control() as client:
            accepted = await client.ask({"type": "prompt", "id": 1, "text": "fire"})
            told = (await client.state_where(lambda state: len(state["cues"]) == 2))["cues"][1]
            later_s = (told["eta_s"] or 0.0) + hub.DRIFT_S
            frames_per_second = 0.01
            state = await client.state_where(lambda state: (state["cues"][1]["eta_s"] or 0.0) > later_s)
            cue = state["cues"][1]
            assert (cue["cue"], cue["status"]) == (accepted["cue"], "waiting")
            assert cue["visible_frame"] == told["visible_frame"] == accepted["visible_frame"]


async def test_a_pause_shows_in_the_figures(house: House) -> None:
    """Subscribers hear at once that nothing is made, and soon that nothing new is shown."""
    await house.until_running()
    async with house.control() as client:
        await client.ask({"type": "subscribe", "id": 1, "channels": ["stats"]})
        assert (await client.hear("stats"))["generated_fps"] > 0
        await client.ask({"type": "pause", "id": 2})
        await client.have_heard("stats", generated_fps=0.0)
        await client.have_heard("stats", generated_fps=0.0, delivered_fps=0.0)


async def test_every_request_of_a_burst_is_answered(house: House) -> None:
    """A client that sends faster than the engine takes is told so, request by request, and misses no answer."""
    await house.until_running()
    async with house.control() as client:
        for number in range(1000):
            await client.send({"type": "prompt", "id": number, "text": "fire"})
        answers: dict[int, str] = {}
        async with asyncio.timeout(PATIENCE_S):
            while len(answers) < 1000:
                message = json.loads(await client.socket.recv())
                if message["type"] in ("accepted", "error"):
                    answers[message["id"]] = message.get("code", "accepted")
    assert set(answers.values()) <= {"accepted", "busy"} and answers[0] == "accepted"


async def test_a_request_that_breaks_is_answered(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours is an answer too, and the connection stays."""
    await house.until_running()
    async with house.control() as client:
        with monkeypatch.context() as broken:
            broken.setattr(house.studio, "request", None)
            assert (await client.ask({"type": "pause", "id": 1}))["code"] == "internal"
        assert (await client.ask({"type": "pause", "id": 2}))["type"] == "accepted"


async def test_control_clients_are_few(open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """One too many, in all or of one address, is told so; when another leaves there is a place."""
    monkeypatch.setattr(hub, "MAX_CLIENTS", 3)
    monkeypatch.setattr(hub, "MAX_CLIENTS_PER_ADDRESS", 2)
    async with open_house(server={"token": "secret"}) as house:
        elsewhere = {"X-Forwarded-For": "203.0.113.9"}
        async with house.control("?token=secret") as first, house.control("?token=secret") as second:
            await second.hear("state")
            assert "of this address" in await _reason(house, {})
            async with house.control("?token=secret", additional_headers=elsewhere) as third:
                await third.hear("state")
                assert "3 control clients" in await _reason(house, {"X-Forwarded-For": "203.0.113.10"})
            await first.ask({"type": "subscribe", "id": 1, "channels": []})
        async with house.control("?token=secret") as again:
            await again.hear("state")


async def _reason(house: House, headers: dict[str, str]) -> str:
    """Return why one more client is refused."""
    async with house.control("?token=secret", additional_headers=headers) as client:
        with pytest.raises(ConnectionClosed) as caught:
            await client.socket.recv()
    assert caught.value.rcvd is not None and caught.value.rcvd.code == 1013
    return caught.value.rcvd.reason


async def test_the_state_is_made_once_for_all(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a prompt costs does not grow with the clients, nor what a burst of them costs with the prompts."""
    await house.until_running()
    made: list[object] = []

    def count(*arguments: Any) -> State:
        made.append(arguments)
        return report.state_message(*arguments)

    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(house.control()) for _ in range(40)]
        for client in clients:
            await client.hear("state")
        monkeypatch.setattr(hub, "state_message", count)
        for number in range(10):
            await clients[0].ask({"type": "prompt", "id": number, "text": f"fire {number}"})
        for client in clients:
            await client.state_where(lambda state: len(state["cues"]) == 11)
        assert 1 <= len(made) <= 10


async def test_a_state_of_long_cues_can_be_received(open_house: OpenHouse) -> None:
    """Cues of every size leave a state below the MiB that clients take by default."""
    async with open_house() as house:
        await house.until_running()
        for number in range(1, 101):
            prompts = [WeightedPrompt(text="\u6d77" * 1000)] * 8
            house.studio.cues.add(CueEntry(number, prompts))
        async with house.control() as client:
            state = await client.hear("state")
        assert state["cues"][-1]["cue"] == 100
        assert len(json.dumps(state, ensure_ascii=False).encode()) < 1 << 19


async def test_a_slow_client_holds_up_nobody(house: House) -> None:
    """A client that reads nothing costs the others nothing; only the newest of what it misses is kept for it."""
    async with house.control() as slow, house.control() as client:
        slow.socket.transport.pause_reading()
        await slow.send({"type": "subscribe", "channels": ["queue", "stats"]})
        for number in range(30):
            assert (await client.ask({"type": "prompt", "id": number, "text": "sea " * 40}))["type"] == "accepted"
        slow.socket.transport.abort()


async def test_clients_that_leave_are_forgotten(house: House) -> None:
    """Also one that leaves in the middle of a request, and without a close handshake."""
    async with house.control() as client:
        await client.hear("state")
        await client.send({"type": "prompt", "id": 1, "text": "fire"})
        client.socket.transport.abort()
    async with house.control() as other:
        await other.ask({"type": "pause", "id": 1})
        response = await house.http.get("/metrics")
        assert "fifo_live_control_clients 1.0" in response.text


async def test_a_message_beyond_all_bounds_ends_the_connection(house: House) -> None:
    """More than a MiB is not even read."""
    async with house.control() as client:
        await client.send("x" * (2 << 20))
        with pytest.raises(ConnectionClosed):
            async with asyncio.timeout(30):
                while True:
                    await client.socket.recv()


async def test_the_log_can_be_followed(house: House) -> None:
    """Subscribers of the log hear what the server logs."""
    async with house.control() as client:
        await client.ask({"type": "subscribe", "id": 1, "channels": ["log"]})
        logging.getLogger("server").warning("something %s", "odd")
        assert (await client.hear("log"))["message"] == "something odd"


async def test_with_a_token_there_are_roles(open_house: OpenHouse) -> None:
    """Without a token the door is shut, with the view token one may look, with the token steer."""
    async with open_house(server={"token": "secret"}) as house:
        for query, code in (("", 4401), ("?token=wrong", 4403)):
            async with house.control(query) as client:
                with pytest.raises(ConnectionClosed) as caught:
                    await client.socket.recv()
                assert caught.value.rcvd is not None and caught.value.rcvd.code == code
        async with house.control(f"?token={house.view_token}") as client:
            state = await client.hear("state")
            assert (state["role"], state["view_token"]) == ("view", "")
            assert (await client.ask({"type": "prompt", "id": 1, "text": "fire"}))["code"] == "forbidden"
        async with house.control(additional_headers={"Authorization": "Bearer secret"}) as client:
            assert (await client.hear("state"))["view_token"] == house.view_token
            assert (await client.ask({"type": "prompt", "id": 1, "text": "fire"}))["type"] == "accepted"


async def test_pages_from_elsewhere_may_not_steer(house: House) -> None:
    """Without a token the page of another site and whatever a proxy passes on are shut out, with a sentence."""
    for options in ({"origin": "http://evil.example"}, {"additional_headers": {"X-Forwarded-For": "203.0.113.9"}}):
        async with house.control(**options) as client:
            with pytest.raises(ConnectionClosed) as caught:
                await client.socket.recv()
        assert caught.value.rcvd is not None and caught.value.rcvd.code == 4403 and caught.value.rcvd.reason


async def test_only_the_servers_own_page_may_steer(house: House) -> None:
    """A file and a page of another port of this machine may look."""
    own = house.url.rstrip("/")
    for origin, role in (("null", "view"), ("http://localhost:3000", "view"), (own, "steer")):
        async with house.control(origin=origin) as client:
            assert await _role(client) == role, origin


async def test_wrong_tokens_are_slowed_down(open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """After too many wrong tokens even the right one has to wait; the close code tells."""
    monkeypatch.setattr("server.http.attempts.INTERVAL_S", 1000.0)  # No attempt comes back while this runs.
    async with open_house(server={"token": "secret"}) as house:
        for _ in range(BURST):
            assert (await house.http.get("/api/state?token=wrong")).status_code == 403
        response = await house.http.get("/api/state?token=wrong")
        assert (response.status_code, response.json()["code"]) == (429, "too_many_attempts")
        assert int(response.headers["retry-after"]) >= 1
        async with house.control("?token=wrong") as client:
            with pytest.raises(ConnectionClosed) as caught:
                await client.socket.recv()
        assert caught.value.rcvd is not None and caught.value.rcvd.code == 4429
        behind_proxy = {"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer secret"}
        assert (await house.http.get("/api/state", headers=behind_proxy)).status_code == 200


async def _role(client: ControlClient) -> str:
    state: dict[str, str] = json.loads(await client.socket.recv())
    return state["role"]
