"""`fifo-live steer`: one prompt to a running server, and how it went."""

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fifo_live.commands.options import ConfigFile, make_config
from fifo_live.commands.remote import Remote
from fifo_live.commands.timed_prompt import readable
from fifo_live.errors import EngineUnavailableError, PromptError

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

ANSWER_TIMEOUT_S = 60.0
"""Longer than a server waits for its engine, so that its own sentence comes."""

GRACE_S = 30.0

Message = dict[str, Any]


def steer(
    prompt: Annotated[str, typer.Argument(help="What the stream is to show.")],
    url: Annotated[str | None, typer.Option(help="The server's address; else that of the configuration.")] = None,
    transition: Annotated[int, typer.Option(help="Blend over so many latents.")] = 0,
    urgency: Annotated[float, typer.Option(help="Below 1 also what is already in the queue changes.")] = 1.0,
    token: Annotated[
        str | None, typer.Option(help="The server's token; else that of --url or the configuration.")
    ] = None,
    wait: Annotated[bool, typer.Option(help="Stay until the prompt is on air.")] = True,
    config: ConfigFile = None,
) -> None:
    """Send a prompt to a running server, and wait until it is seen."""
    request = {"type": "prompt", "id": "1", "text": readable(prompt), "transition": transition, "urgency": urgency}
    remote = _remote(config, url, token)
    with remote.connection() as socket:
        socket.send(json.dumps(request))
        sent_s = time.monotonic()
        accepted, is_paused = _accepted(socket, sent_s + ANSWER_TIMEOUT_S)
        print(announcement(accepted, is_paused=is_paused))
        if wait and not is_paused:
            eta_s = float(accepted["eta_s"])
            for message in answers(socket, sent_s + eta_s + GRACE_S, "on_air", "state"):
                if report := progress(accepted["cue"], message, time.monotonic() - sent_s, eta_s):
                    print(report)
                    return


def _remote(config: ConfigFile, url: str | None, token: str | None) -> Remote:
    from server.http.addresses import Entrance, local_host

    server = make_config(config, {"server": {"token": token}}).server
    if url:
        remote = Remote.parse(url, token or "")
        return remote if remote.token else Remote.parse(url, server.token)
    return Remote.parse(Entrance(local_host(server.host), server.port).base, server.token)


def _accepted(socket: "ClientConnection", deadline_s: float) -> tuple[Message, bool]:
    """Return the answer to the request, and whether the stream is paused."""
    is_paused = False
    for message in answers(socket, deadline_s, "accepted", "state"):
        if message["type"] == "accepted":
            return message, is_paused or message["eta_s"] is None
        is_paused = bool(message["paused"])
    raise AssertionError("answers end with an error only")


def answers(socket: "ClientConnection", deadline_s: float, *wanted: str) -> Iterator[Message]:
    """Yield the messages of some types as they come.

    Raises: PromptError for a refused request, EngineUnavailableError when the time is over.
    """
    while True:
        try:
            message: Message = json.loads(socket.recv(timeout=max(0.0, deadline_s - time.monotonic())))
        except TimeoutError as error:
            raise EngineUnavailableError(f"The server is there, but no '{wanted[0]}' came in time.") from error
        if message["type"] == "error":
            raise PromptError(message["code"], message["message"])
        if message["type"] in wanted:
            yield message


def announcement(accepted: Message, *, is_paused: bool = False) -> str:
    """Say where an accepted prompt enters and when it is seen."""
    when = "when the stream, which is paused, goes on" if is_paused else f"in {accepted['eta_s']:.1f} s"
    return (
        f"Cue {accepted['cue']} enters with frame {accepted['enters_frame']}; "
        f"first seen in frame {accepted['visible_frame']}, {when}."
    )


def progress(cue: int, message: Message, waited_s: float, eta_s: float) -> str:
    """Return how it ended for a cue, or nothing while it still waits."""
    if message["type"] == "state":
        return "The stream was paused before the prompt was seen." if message["paused"] else ""
    if message["cue"] > cue:
        return f"Overtaken by cue {message['cue']} before it was seen."
    if message["cue"] == cue:
        return f"On air in frame {message['frame']} after {waited_s:.1f} s (announced {eta_s:.1f} s)."
    return ""
