"""Steers a running server over its control socket (`/ws`; docs/protocol.md describes the messages)."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self, TypeVar

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from fifo_live.client.address import Address
from fifo_live.client.refusal import refusal
from fifo_live.errors import EngineUnavailableError, PromptError
from fifo_live.protocol.answers import Accepted, Error, OnAir
from fifo_live.protocol.cues import WeightedPrompt
from fifo_live.protocol.requests import (
    Channel,
    ClientMessage,
    Cut,
    Pause,
    Prompt,
    Resume,
    Set,
    Subscribe,
)
from fifo_live.protocol.state import State
from fifo_live.protocol.wire import SERVER_MESSAGE, ServerMessage

ANSWER_TIMEOUT_S = 40.0
"""Longer than a server waits for its engine, so that its own sentence comes."""

CONNECT_TIMEOUT_S = 10.0

MAX_HEARD = 4096

Found = TypeVar("Found")


class RequestError(PromptError):
    """The server refused a request; `code` is one of `ErrorCode`."""


@dataclass(frozen=True)
class Heard:
    """A message and when it came, in seconds of the machine's monotonic clock."""

    message: ServerMessage
    at_s: float


class ControlClient:
    """One control connection, for use in `async with`; it does not reconnect.

    `state` is the newest state of the server. `heard` holds the latest MAX_HEARD messages; older ones are dropped.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str = "",
        channels: Sequence[Channel] = (),
        timeout_s: float = ANSWER_TIMEOUT_S,
    ) -> None:
        """`url` is what the server prints or a browser shows; a token in it counts if `token` is empty.

        Raises: ConfigError for what is no address.
        """
        self.address = Address.parse(url, token)
        self._channels = list(channels)
        self._timeout_s = timeout_s
        self._changed = asyncio.Condition()
        self._pending: dict[int, asyncio.Future[Accepted]] = {}
        self._last_id = 0
        self._num_heard = 0
        self._end: EngineUnavailableError | None = None
        self._task: asyncio.Task[None] | None = None
        self._socket: ClientConnection | None = None
        self.heard: deque[Heard] = deque(maxlen=MAX_HEARD)
        self.state: State | None = None

    async def __aenter__(self) -> Self:
        """Connect and wait for the first state.

        Raises: EngineUnavailableError if there is no server, or it lets nobody in with this token.
        """
        address = self.address
        # A server on this machine or in this network is asked directly, whatever proxies the environment names.
        proxy: Literal[True] | None = None if address.is_near else True
        try:
            self._socket = await connect(
                address.socket_url, additional_headers=address.headers, open_timeout=CONNECT_TIMEOUT_S, proxy=proxy
            )
        except (ImportError, OSError, WebSocketException) as error:
            raise refusal(error, address) from error
        self._task = asyncio.create_task(self._listen(self._socket))
        try:
            await self.until(lambda message: isinstance(message, State) or None, self._timeout_s, what="state")
            if self._channels:
                await self.request(Subscribe(channels=self._channels))
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Hang up; a second call does nothing."""
        if self._socket is not None:
            await self._socket.close()
        if self._task is not None:
            await self._task

    # Requests

    async def prompt(
        self, text: str | Sequence[tuple[str, float]], *, transition: int = 0, urgency: float = 1.0
    ) -> Accepted:
        """Show something else: a text, or a blend of (text, weight).

        Raises: RequestError if it is refused, EngineUnavailableError if no answer comes.
        """
        if isinstance(text, str):
            return await self.request(Prompt.model_construct(text=text, transition=transition, urgency=urgency))
        prompts = [WeightedPrompt.model_construct(text=one, weight=weight) for one, weight in text]
        return await self.request(Prompt.model_construct(prompts=prompts, transition=transition, urgency=urgency))

    async def set(self, *, guidance: float | None = None, seed: int | None = None) -> Accepted:
        """Change guidance or seed for what is born from now on. Raises: as `prompt`."""
        return await self.request(Set.model_construct(guidance=guidance, seed=seed))

    async def pause(self) -> Accepted:
        """Stop making new frames. Raises: as `prompt`."""
        return await self.request(Pause())

    async def resume(self) -> Accepted:
        """Go on after a pause. Raises: as `prompt`."""
        return await self.request(Resume())

    async def cut(self) -> Accepted:
        """Drop the queue and begin again from noise. Raises: as `prompt`."""
        return await self.request(Cut())

    async def request(self, message: ClientMessage) -> Accepted:
        """Send a request, which the server judges, and return its answer. Raises: as `prompt`."""
        if self._socket is None or self._end is not None:
            raise self._end or EngineUnavailableError("The client is not connected; use it in `async with`.")
        self._last_id += 1
        number = self._last_id
        text = _as_text(message.model_copy(update={"id": number}))
        answer: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        self._pending[number] = answer
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._socket.send(text)
                return await answer
        except TimeoutError as error:
            raise _silence("accepted") from error
        except WebSocketException as error:
            raise self._end or self._ended(str(error)) from error
        finally:
            del self._pending[number]

    # What the server says

    async def on_air(self, accepted: Accepted, timeout_s: float | None = None) -> OnAir | None:
        """Wait until a prompt is seen; None if a newer one was seen in its place.

        Raises: EngineUnavailableError when the time is over (None: without end).
        """
        wanted = accepted.cue
        assert wanted is not None, "only a prompt has a cue"
        said = await self.until(
            lambda message: message if isinstance(message, OnAir) and message.cue >= wanted else None,
            timeout_s,
            what="on_air",
        )
        return said if said.cue == wanted else None

    async def until(
        self, find: Callable[[ServerMessage], Found | None], timeout_s: float | None = None, *, what: str = "message"
    ) -> Found:
        """Return what `find` makes of the first message heard since connecting for which it is not None.

        `what` names it in the error. Raises: EngineUnavailableError when the time is over or the connection ends.
        """
        try:
            async with asyncio.timeout(timeout_s):
                async for message in self.messages(from_start=True):
                    found = find(message)
                    if found is not None:
                        return found
        except TimeoutError as error:
            raise _silence(what) from error
        raise self._end or EngineUnavailableError("The connection is closed.")

    async def messages(self, *, from_start: bool = False) -> AsyncIterator[ServerMessage]:
        """Yield messages as they come, until the connection ends; a reader that falls far behind misses the oldest."""
        position = 0 if from_start else self._num_heard
        while True:
            async with self._changed:
                while self._num_heard <= position:
                    if self._end is not None:
                        return
                    await self._changed.wait()
                position = max(position, self._num_heard - len(self.heard))
                message = self.heard[position - self._num_heard].message
            position += 1
            yield message

    async def _listen(self, socket: ClientConnection) -> None:
        end = self._ended("the server hung up")
        try:
            async for text in socket:
                message = _understood(text)
                if message is not None:
                    await self._take(message)
        except WebSocketException as error:
            # Who is shut out is told why; the server does so before its first state.
            end = refusal(error, self.address) if self.state is None else self._ended(str(error))
        await self._finish(end)

    async def _take(self, message: ServerMessage) -> None:
        if isinstance(message, State):
            self.state = message
        if isinstance(message, Accepted | Error) and (answer := self._asked(message)):
            self._settle(answer, message)
        async with self._changed:
            self.heard.append(Heard(message, time.monotonic()))
            self._num_heard += 1
            self._changed.notify_all()

    def _asked(self, message: Accepted | Error) -> asyncio.Future[Accepted] | None:
        """Return who waits for an answer; one to a request whose id could not be read belongs to the only one."""
        if message.id is None and len(self._pending) == 1:
            return next(iter(self._pending.values()))
        return self._pending.get(message.id) if isinstance(message.id, int) else None

    def _settle(self, answer: asyncio.Future[Accepted], message: Accepted | Error) -> None:
        if answer.done():
            return
        if isinstance(message, Accepted):
            answer.set_result(message)
        else:
            answer.set_exception(RequestError(message.code, message.message))

    async def _finish(self, end: EngineUnavailableError) -> None:
        async with self._changed:
            self._end = end
            for answer in self._pending.values():
                if not answer.done():
                    answer.set_exception(end)
            self._changed.notify_all()

    def _ended(self, reason: str) -> EngineUnavailableError:
        return EngineUnavailableError(f"The connection to {self.address.root} ended: {reason}.")


def _understood(text: str | bytes) -> ServerMessage | None:
    """Return a message without the fields that only a newer server knows, or None for one of a newer kind."""
    try:
        return SERVER_MESSAGE.validate_json(text, extra="ignore")
    except ValidationError:
        return None


def _as_text(message: ClientMessage) -> str:
    """Return a request as it is sent; what is wrong about its values is for the server to say."""
    try:
        return message.model_dump_json(exclude_none=True, warnings=False)
    except PydanticSerializationError as error:
        raise RequestError("not_text", "The prompt holds characters that are no text.") from error


def _silence(what: str) -> EngineUnavailableError:
    return EngineUnavailableError(f"The server is there, but no '{what}' came in time.")
