"""Where the server waits for its worker: a loopback socket that opens only to the one who knows the token."""

import asyncio
import hmac

from fifo_live.link.channel import MAX_LINE_BYTES, ServerChannel
from fifo_live.link.messages import Hello

_HELLO_TIMEOUT_S = 30.0


class Door:
    """Lets in one worker at a time."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._token = ""
        self._arrival: asyncio.Future[ServerChannel] | None = None
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

    async def admit(self, token: str) -> ServerChannel:
        """Wait for the worker that says this token, and return the line to it."""
        self._token = token
        self._arrival = asyncio.get_running_loop().create_future()
        try:
            return await self._arrival
        finally:
            self._arrival = None

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
            async with asyncio.timeout(_HELLO_TIMEOUT_S):
                hello = await channel.receive()
        except (EOFError, ValueError, TimeoutError, asyncio.CancelledError):
            channel.close()
            return
        finally:
            self._waiting.discard(task)
        if not self._let_in(hello, channel):
            channel.close()

    def _let_in(self, hello: object, channel: ServerChannel) -> bool:
        if self._arrival is None or self._arrival.done() or not isinstance(hello, Hello):
            return False
        if not hmac.compare_digest(hello.token.encode(), self._token.encode()):
            return False
        self._arrival.set_result(channel)
        return True
