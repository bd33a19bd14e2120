"""The control socket: /ws."""

import asyncio
import logging
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from fifo_live.errors import FifoLiveError, PromptError
from fifo_live.protocol.answers import MAX_WORDS_CHARS, Accepted, Error
from fifo_live.protocol.requests import Command, Subscribe, Unsubscribe
from server.control import commands
from server.control.hub import Client, Hub
from server.http.access import Access, Role
from server.http.peer_address import address_of
from server.http.problem import Problem
from server.stream import StreamService

logger = logging.getLogger(__name__)

MAX_PENDING = 16
CLOSE_FORBIDDEN = 4403
CLOSE_CODES = {401: 4401, 429: 4429, 503: 1013}


class ControlSocket:
    """Serves one client at a time per call; a message that makes no sense is answered, and the connection stays."""

    def __init__(self, studio: StreamService, hub: Hub, gate: Access) -> None:
        self._studio = studio
        self._hub = hub
        self._gate = gate

    async def serve(self, socket: WebSocket) -> None:
        """Talk to a client until it leaves."""
        await socket.accept()
        try:
            self._gate.require(socket, Role.VIEW)
            client = Client(self._gate.role(socket), address_of(socket))
            self._hub.add(client)
        except Problem as problem:
            return await socket.close(CLOSE_CODES.get(problem.status, CLOSE_FORBIDDEN), problem.detail)
        writer = asyncio.create_task(_write(socket, client))
        conversation = _Conversation(self._studio, client)
        try:
            while True:
                await client.outbox.room()
                conversation.hear(await _read(socket))
        except WebSocketDisconnect:
            pass
        finally:
            self._hub.remove(client)
            conversation.end()
            writer.cancel()
            with suppress(asyncio.CancelledError):
                await writer


class _Conversation:
    """What one client asks, each request in a task of its own, so that a slow one holds up nothing."""

    def __init__(self, studio: StreamService, client: Client) -> None:
        self._studio = studio
        self._client = client
        self._tasks: set[asyncio.Task[None]] = set()

    def hear(self, raw: str | None) -> None:
        """Act on a message; None stands for one that was not text."""
        try:
            if raw is None:
                raise PromptError("bad_message", "Messages must be text; this one was binary.")
            message = commands.parse(raw)
        except PromptError as error:
            return self._refuse(commands.id_of(raw or ""), error)
        if isinstance(message, Subscribe | Unsubscribe):
            return self._change_channels(message)
        if self._client.role < Role.STEER:
            return self._refuse(message.id, PromptError("forbidden", "This token only allows watching."))
        if len(self._tasks) >= MAX_PENDING:
            return self._refuse(
                message.id, PromptError("busy", f"{MAX_PENDING} requests are waiting for their answers already.")
            )
        task = asyncio.create_task(self._perform(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def end(self) -> None:
        """Wait for no more answers."""
        for task in self._tasks:
            task.cancel()

    async def _perform(self, command: Command) -> None:
        try:
            self._client.outbox.put(await commands.perform(self._studio, command))
        except FifoLiveError as error:
            self._refuse(command.id, error)
        except Exception:  # The border of this task: whatever breaks, the client waits for an answer.
            logger.exception("A request failed: %s.", command.type)
            self._refuse(command.id, PromptError("internal", "Internal server error; see the server's log."))

    def _change_channels(self, message: Subscribe | Unsubscribe) -> None:
        if isinstance(message, Subscribe):
            self._client.channels.update(message.channels)
        else:
            self._client.channels.difference_update(message.channels)
        self._client.outbox.put(Accepted(id=message.id))

    def _refuse(self, request_id: str | int | None, error: FifoLiveError) -> None:
        words = str(error)[:MAX_WORDS_CHARS]
        self._client.outbox.put(Error(id=request_id, code=error.code, message=words))


async def upgrade_required(request: Request) -> Response:
    """Raises: Problem (426), for whoever asks for the socket by plain HTTP."""
    headers = {"Upgrade": "websocket", "Connection": "Upgrade"}
    raise Problem(
        426, "upgrade_required", "This address accepts only WebSocket connections; see docs/protocol.md.", headers
    )


async def _read(socket: WebSocket) -> str | None:
    """Return the next text; None for a binary message. Raises: WebSocketDisconnect."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    text: str | None = message.get("text")
    return text


async def _write(socket: WebSocket, client: Client) -> None:
    # A client that is gone is noticed by the reader; what is still to be sent to it does not matter.
    try:
        with suppress(WebSocketDisconnect, RuntimeError):
            while True:
                message = await client.outbox.next()
                await socket.send_text(message.encoded)
    finally:
        client.outbox.close()
