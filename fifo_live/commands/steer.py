"""`fifo-live steer`: one prompt to a running server, and how it went."""

import json
import time
from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import urlsplit, urlunsplit

import typer
from rich.console import Console

from fifo_live.commands.options import ConfigFile, local_url, make_config
from fifo_live.errors import EngineUnavailableError, PromptError

ANSWER_TIMEOUT_S = 10.0
GRACE_S = 30.0

Message = dict[str, Any]


def steer(
    prompt: Annotated[str, typer.Argument(help="What the stream is to show.")],
    url: Annotated[str | None, typer.Option(help="The server's address; else that of the configuration.")] = None,
    transition: Annotated[int, typer.Option(help="Blend over so many latents.")] = 0,
    urgency: Annotated[float, typer.Option(help="Below 1 also what is already in the queue changes.")] = 1.0,
    token: Annotated[str | None, typer.Option(help="The server's token; else that of the configuration.")] = None,
    wait: Annotated[bool, typer.Option(help="Stay until the prompt is on air.")] = True,
    config: ConfigFile = None,
) -> None:
    """Send a prompt to a running server, and wait until it is seen."""
    from websockets.exceptions import WebSocketException
    from websockets.sync.client import connect

    server = make_config(config, {"server": {"token": token}}).server
    url, token = url or local_url(server), server.token
    console = Console(highlight=False, soft_wrap=True)
    headers = {"Authorization": f"Bearer {token}"} if token else None
    try:
        with connect(socket_address(url), additional_headers=headers, open_timeout=ANSWER_TIMEOUT_S) as socket:
            request = {"type": "prompt", "id": "1", "text": prompt, "transition": transition, "urgency": urgency}
            socket.send(json.dumps(request))
            sent_s = time.monotonic()
            accepted = next(answers(socket, sent_s + ANSWER_TIMEOUT_S, "accepted"))
            console.print(announcement(accepted))
            if wait:
                cue, eta_s = accepted["cue"], float(accepted["eta_s"])
                for message in answers(socket, sent_s + eta_s + GRACE_S, "on_air"):
                    if message["cue"] == cue:
                        console.print(outcome(message, time.monotonic() - sent_s, eta_s))
                    elif message["cue"] > cue:
                        console.print(f"Overtaken by cue {message['cue']} before it was seen.")
                    if message["cue"] >= cue:
                        return
    except (OSError, WebSocketException) as error:
        raise EngineUnavailableError(f"There is no answer from {url}: {error}.") from error


def socket_address(url: str) -> str:
    """Return the control socket's address of a server: http becomes ws, and the path ends in /ws."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
    path = parts.path if parts.path.endswith("/ws") else parts.path.rstrip("/") + "/ws"
    return urlunsplit((scheme, parts.netloc, path, parts.query, ""))


def answers(socket: Any, deadline_s: float, wanted: str) -> Iterator[Message]:
    """Yield the messages of one type as they come.

    Raises: PromptError for a refused request, EngineUnavailableError when the time is over.
    """
    while True:
        try:
            message: Message = json.loads(socket.recv(timeout=max(0.0, deadline_s - time.monotonic())))
        except TimeoutError as error:
            raise EngineUnavailableError(f"The server is there, but no '{wanted}' came in time.") from error
        if message["type"] == "error":
            raise PromptError(message["code"], message["message"])
        if message["type"] == wanted:
            yield message


def announcement(accepted: Message) -> str:
    """Say where an accepted prompt enters and when it is seen."""
    return (
        f"Cue {accepted['cue']} enters with frame {accepted['enters_frame']}; "
        f"first seen in frame {accepted['visible_frame']}, in {accepted['eta_s']:.1f} s."
    )


def outcome(on_air: Message, waited_s: float, eta_s: float) -> str:
    """Say how the announcement compares with what happened."""
    return f"On air in frame {on_air['frame']} after {waited_s:.1f} s (announced {eta_s:.1f} s)."
