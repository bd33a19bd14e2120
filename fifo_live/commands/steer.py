"""`fifo-live steer`: one prompt to a running server, and how it went."""

import asyncio
import time
from typing import TYPE_CHECKING, Annotated

import typer

from fifo_live.commands.options import ConfigFile, make_config
from fifo_live.commands.timed_prompt import readable

if TYPE_CHECKING:
    from fifo_live.client.control import ControlClient
    from fifo_live.protocol.answers import Accepted
    from fifo_live.protocol.wire import ServerMessage

ANSWER_TIMEOUT_S = 60.0
"""Longer than a server waits for its engine, so that its own sentence comes."""

GRACE_S = 30.0


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
    from fifo_live.client.control import ControlClient

    text, (address, known) = readable(prompt), _where(config, url, token)

    async def send() -> None:
        async with ControlClient(address, token=known, timeout_s=ANSWER_TIMEOUT_S) as client:
            sent_s = time.monotonic()
            accepted = await client.prompt(text, transition=transition, urgency=urgency)
            is_paused = accepted.eta_s is None or client.state is not None and client.state.paused
            print(announcement(accepted, is_paused=is_paused))
            if wait and not is_paused:
                print(await _outcome(client, accepted, sent_s))

    asyncio.run(send())


def _where(config: ConfigFile, url: str | None, token: str | None) -> tuple[str, str]:
    """Return the address and the token; one in the address counts more than that of the configuration."""
    from fifo_live.client.address import Address
    from server.http.addresses import Entrance, local_host

    server = make_config(config, {"server": {"token": token}}).server
    if not url:
        return Entrance(local_host(server.host), server.port).base, server.token
    return url, token or Address.parse(url).token or server.token


async def _outcome(client: "ControlClient", accepted: "Accepted", sent_s: float) -> str:
    """Wait until a prompt is seen, or will not be for now, and say which."""
    cue, eta_s = accepted.cue or 0, accepted.eta_s or 0.0

    is_answered = False

    def find(message: "ServerMessage") -> str | None:
        nonlocal is_answered
        is_answered = is_answered or message is accepted
        if is_answered and message.type == "state" and message.paused:
            return "The stream was paused before the prompt was seen."
        return progress(cue, message, time.monotonic() - sent_s, eta_s) or None

    return await client.until(find, eta_s + GRACE_S, what="on_air")


def announcement(accepted: "Accepted", *, is_paused: bool = False) -> str:
    """Say where an accepted prompt enters and when it is seen."""
    when = "when the stream, which is paused, goes on" if is_paused else f"in {accepted.eta_s:.1f} s"
    return (
        f"Cue {accepted.cue} enters with frame {accepted.enters_frame}; "
        f"first seen in frame {accepted.visible_frame}, {when}."
    )


def progress(cue: int, message: "ServerMessage", waited_s: float, eta_s: float) -> str:
    """Return how it ended for a cue, or nothing while it still waits."""
    if message.type != "on_air" or message.cue < cue:
        return ""
    if message.cue > cue:
        return f"Overtaken by cue {message.cue} before it was seen."
    return f"On air in frame {message.frame} after {waited_s:.1f} s (announced {eta_s:.1f} s)."
