"""The control client without asyncio: for scripts, notebooks and programs that have an event loop of their own."""

import asyncio
from collections.abc import Coroutine, Sequence
from threading import Thread
from types import TracebackType
from typing import Any, Self, TypeVar

from fifo_live.client.control import ANSWER_TIMEOUT_S, ControlClient
from fifo_live.errors import EngineUnavailableError
from fifo_live.protocol.answers import Accepted, OnAir
from fifo_live.protocol.state import State

Result = TypeVar("Result")


class BlockingClient:
    """A ControlClient whose methods block; it runs in a thread of its own, for use in `with`."""

    def __init__(self, url: str, *, token: str = "", timeout_s: float = ANSWER_TIMEOUT_S) -> None:
        """Raises: ConfigError for what is no address."""
        self._client = ControlClient(url, token=token, timeout_s=timeout_s)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        """Connect. Raises: EngineUnavailableError."""
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="fifo-live client", daemon=True)
        self._thread.start()
        try:
            self._run(self._client.__aenter__())
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self._run(self._client.close())
        finally:
            self._stop()

    @property
    def state(self) -> State | None:
        """The newest state of the server."""
        return self._client.state

    def prompt(self, text: str | Sequence[tuple[str, float]], *, transition: int = 0, urgency: float = 1.0) -> Accepted:
        """Show something else; see `ControlClient.prompt`."""
        return self._run(self._client.prompt(text, transition=transition, urgency=urgency))

    def set(self, *, guidance: float | None = None, seed: int | None = None) -> Accepted:
        """Change guidance or seed; see `ControlClient.set`."""
        return self._run(self._client.set(guidance=guidance, seed=seed))

    def pause(self) -> Accepted:
        """Stop making new frames; see `ControlClient.pause`."""
        return self._run(self._client.pause())

    def resume(self) -> Accepted:
        """Go on after a pause; see `ControlClient.resume`."""
        return self._run(self._client.resume())

    def cut(self) -> Accepted:
        """Drop the queue and begin again from noise; see `ControlClient.cut`."""
        return self._run(self._client.cut())

    def on_air(self, accepted: Accepted, timeout_s: float | None = None) -> OnAir | None:
        """Wait until a prompt is seen; see `ControlClient.on_air`."""
        return self._run(self._client.on_air(accepted, timeout_s))

    def _run(self, work: Coroutine[Any, Any, Result]) -> Result:
        if self._loop is None:
            work.close()
            raise EngineUnavailableError("The client is not connected; use it in `with`.")
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()  # after Ctrl-C nobody waits for it any more
            raise

    def _stop(self) -> None:
        loop, thread = self._loop, self._thread
        assert loop is not None and thread is not None
        self._loop = None
        asyncio.run_coroutine_threadsafe(_end_tasks(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end_tasks() -> None:
    """Cancel what an interruption left behind."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
