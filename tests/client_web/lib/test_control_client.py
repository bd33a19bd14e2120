"""Facts about the client of the control WebSocket, with a socket that the test plays."""

from typing import Any

from playwright.async_api import Page

SETUP = """
    const { ControlClient } = await import("/web/lib/control_client.js");
    const sockets = [];
    class Socket {
        sent = [];
        constructor(url) { this.url = String(url); sockets.push(this); }
        send(text) { this.sent.push(JSON.parse(text)); }
        close() {}
        hear(message) { this.onmessage({ data: JSON.stringify(message) }); }
    }
    window.WebSocket = Socket;
    const outcome = (promise) => promise.then((answer) => answer.cue ?? "done", (error) => error.code);
    const control = new ControlClient(new URL("ws://server/ws"), { token: "a+b", channels: ["queue"] });
"""


async def play(bench: Page, steps: str) -> Any:
    """Run steps with a client, its sockets and `outcome` at hand, and return what they return."""
    guarded = f"try {{ {SETUP} {steps} }} finally {{ window.WebSocket = real; }}"
    return await bench.evaluate(f"async () => {{ const real = window.WebSocket; {guarded} }}")


async def test_it_subscribes_on_every_connection(bench: Page) -> None:
    """The channels are asked for after opening, and the token stands in the address, encoded."""
    seen = await play(bench, "control.open(); sockets[0].onopen(); return [sockets[0].url, sockets[0].sent];")
    assert seen == ["ws://server/ws?token=a%2Bb", [{"type": "subscribe", "channels": ["queue"]}]]


async def test_nothing_is_sent_without_a_connection(bench: Page) -> None:
    """A request before the connection is open is refused at once."""
    assert await play(bench, "control.open(); return [await outcome(control.cut()), sockets[0].sent];") == [
        "not_connected",
        [],
    ]


async def test_answers_find_their_requests(bench: Page) -> None:
    """Answers may come in any order; one that refuses carries its code."""
    seen = await play(
        bench,
        """control.open(); const [socket] = sockets; socket.onopen();
        const outcomes = ["one", "two", "three"].map((text) => outcome(control.prompt(text, { transition: 4 })));
        const [, one, two, three] = socket.sent;
        socket.hear({ type: "accepted", id: three.id, cue: 8 });
        socket.hear({ type: "error", id: one.id, code: "busy", message: "Try again." });
        socket.hear({ type: "accepted", id: two.id, cue: 7 });
        return [one.type, one.transition, await Promise.all(outcomes)];""",
    )
    assert seen == ["prompt", 4, ["busy", 7, 8]]


async def test_a_message_that_is_no_answer_is_emitted(bench: Page) -> None:
    """State, and an error that belongs to no request, reach the listeners."""
    seen = await play(
        bench,
        """const heard = [];
        control.on("state", ({ frame }) => heard.push(frame));
        control.on("error", ({ code }) => heard.push(code));
        control.open(); sockets[0].onopen();
        sockets[0].hear({ type: "state", frame: 5 });
        sockets[0].hear({ type: "error", id: null, code: "bad_message", message: "What?" });
        return heard;""",
    )
    assert seen == [5, "bad_message"]


async def test_a_lost_connection_leaves_no_request_open(bench: Page) -> None:
    """Requests without an answer end as unanswered, and a wrong token is not tried again."""
    seen = await play(
        bench,
        """const states = [];
        control.on("connection", ({ state, isDenied = false }) => states.push([state, isDenied]));
        control.open(); sockets[0].onopen();
        const pending = outcome(control.pause());
        sockets[0].onclose({ code: 4401, reason: "A token is required." });
        return [await pending, states];""",
    )
    assert seen == ["unanswered", [["connecting", False], ["open", False], ["closed", True]]]
