"""The control client without asyncio: for scripts, notebooks and programs that have an event loop of their own."""

import asyncio
from collections.abc import Coroutine, Sequence
from threading import Thread
from types import TracebackType
from typing import Any, Self, TypeVar

from fifo_live.client.control import ANSWER_TIMEOUT_S, ControlClient
from fifo_live.protocol.answers import Accepted, OnAir
from fifo_live.protocol.state import State

Result = TypeVar("Result")


class BlockingClient:
    """A ControlClient whose methods block; it runs in a thread of its own, for use in `with`."""

    def __init__(self, url: str, *, token: str = "", timeout_s: float = ANSWER_TIMEOUT_S) -> None:
        """Raises: ValueError for what is no address."""
        self._arguments = (url, token, timeout_s)
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="fifo-live client", daemon=True)
        self._client: ControlClient | None = None

    def __enter__(self) -> Self:
        """Connect. Raises: EngineUnavailableError."""
        self._thread.start()
        try:
            self._client = self._run(self._connect())
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._run(self._connected.close())
        self._stop()

    @property
    def state(self) -> State | None:
        """The newest state of the server."""
        return self._connected.state

    def prompt(self, text: str | Sequence[tuple[str, float]], *, transition: int = 0, urgency: float = 1.0) -> Accepted:
        """Show something else; see `ControlClient.prompt`."""
        return self._run(self._connected.prompt(text, transition=transition, urgency=urgency))

    def set(self, *, guidance: float | None = None, seed: int | None = None) -> Accepted:
        """Change guidance or seed; see `ControlClient.set`."""
        return self._run(self._connected.set(guidance=guidance, seed=seed))

    def pause(self) -> Accepted:
        """Stop making new frames; see `ControlClient.pause`."""
        return self._run(self._connected.pause())

    def resume(self) -> Accepted:
        """Go on after a pause; see `ControlClient.resume`."""
        return self._run(self._connected.resume())

    def cut(self) -> Accepted:
        """Drop the queue and begin again from noise; see `ControlClient.cut`."""
        return self._run(self._connected.cut())

    def on_air(self, accepted: Accepted, timeout_s: float | None = None) -> OnAir | None:
        """Wait until a prompt is seen; see `ControlClient.on_air`."""
        return self._run(self._connected.on_air(accepted, timeout_s))

    @property
    def _connected(self) -> ControlClient:
        assert self._client is not None, "use the client in `with`"
        return self._client

    async def _connect(self) -> ControlClient:
        url, token, timeout_s = self._arguments
        return await ControlClient(url, token=token, timeout_s=timeout_s).__aenter__()

    def _run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
