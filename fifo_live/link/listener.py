"""Loopback listener that accepts only workers that know the token."""

import asyncio
import hmac
from collections.abc import Sequence

from fifo_live.link.messages import Hello
from fifo_live.link.silence_watch import patience
from fifo_live.link.transport import MAX_LINE_BYTES, ServerChannel

_HELLO_TIMEOUT_S = 30.0

Arrival = asyncio.Future[ServerChannel]


class Listener:
    """Lets in one worker at a time, each of its ranks once."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._token = ""
        self._arrivals: Sequence[Arrival] = ()
        self._waiting: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen on any free port of loopback."""
        self._server = await asyncio.start_server(self._greet, "127.0.0.1", 0, limit=MAX_LINE_BYTES)

    @property
    def address(self) -> str:
        """Where the worker finds us, as "host:port"."""
        assert self._server is not None, "open() comes first"
        host, port = self._server.sockets[0].getsockname()
        return f"{host}:{port}"

    def expect(self, token: str, ranks: int = 1) -> Sequence[Arrival]:
        """Let in only who says this token from now on; returns the line to each rank, once it has come."""
        self._token = token
        self._arrivals = [asyncio.get_running_loop().create_future() for _ in range(ranks)]
        return self._arrivals

    async def close(self) -> None:
        """Stop listening."""
        for task in self._waiting:
            task.cancel()
        if self._server is not None:
            self._server.close()

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._waiting.add(task)
        channel = ServerChannel(reader, writer)
        try:
            async with patience(_HELLO_TIMEOUT_S):
                hello = await channel.receive()
        except (EOFError, ValueError, TimeoutError, asyncio.CancelledError):
            channel.close()
            return
        finally:
            self._waiting.discard(task)
        if not self._let_in(hello, channel):
            channel.close()

    def _let_in(self, hello: object, channel: ServerChannel) -> bool:
        if not isinstance(hello, Hello) or not 0 <= hello.rank < len(self._arrivals):
            return False
        if not hmac.compare_digest(hello.token.encode(), self._token.encode()):
            return False
        arrival = self._arrivals[hello.rank]
        if arrival.done():
            return False
        arrival.set_result(channel)
        return True
