"""Uvicorn's connections with time limits and a bound on their number."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from uvicorn._types import ASGIReceiveEvent
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from server.http.peer_address import is_loopback, subscriber_of
from server.open_files import max_files

HEAD_TIMEOUT_S = 10.0
"""So long may the head of a request take, from the first byte, or from the connection for the first request."""
UNREAD_TIMEOUT_S = 30.0
"""So long may the other side read nothing of what waits for it."""
CLOSE_TIMEOUT_S = 15.0
MAX_CONNECTIONS = 1024
MAX_CONNECTIONS_PER_ADDRESS = 256

_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_FULL_WORDS = b"Too many connections are open; try again later.\n"
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\n\r\n%b" % (len(_FULL_WORDS), _FULL_WORDS)
)


def max_connections() -> int:
    """Return how many connections may be open: MAX_CONNECTIONS, but no more than half the files of this process."""
    return min(MAX_CONNECTIONS, max_files() // 2)


class Deadline:
    """Something that happens unless it is called off in time."""

    def __init__(self, seconds: float, then: Callable[[], None]) -> None:
        self._seconds = seconds
        self._then = then
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Let the time run, if it does not yet."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._then)

    def stop(self) -> None:
        """Call it off."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class HttpConnection(H11Protocol):
    """An HTTP connection that is closed when the head of a request, or the reading of an answer, takes too long."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._is_upgraded = False
        self._head = Deadline(HEAD_TIMEOUT_S, self._end_slow_head)
        self._unread = Deadline(UNREAD_TIMEOUT_S, lambda: self.transport.abort())

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self._is_one_too_many():
            transport.write(_FULL)
            transport.close()
        else:
            self._head.start()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._is_upgraded:
            return
        if self.cycle is None or self.cycle.response_complete:
            self._head.start()
        else:
            self._head.stop()

    def handle_websocket_upgrade(self, event: Any) -> None:
        self._is_upgraded = True
        self._head.stop()
        super().handle_websocket_upgrade(event)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread.start()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unread.stop()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head.stop()
        self._unread.stop()
        super().connection_lost(exc)

    def _end_slow_head(self) -> None:
        if self.cycle is None:
            self.transport.write(_TOO_SLOW)
        self.transport.close()

    def _is_one_too_many(self) -> bool:
        if len(self.connections) > max_connections():
            return True
        host = _host_of(self)
        # Behind a proxy of this machine all of its clients share an address.
        return not is_loopback(host) and _num_neighbours(self.connections, host) > MAX_CONNECTIONS_PER_ADDRESS


class SocketConnection(WebSocketsSansIOProtocol):
    """A WebSocket that is cut when the other side reads nothing, and that reads nothing itself until it does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unread = Deadline(UNREAD_TIMEOUT_S, lambda: self.transport.abort())
        self._closing = Deadline(CLOSE_TIMEOUT_S, lambda: self.transport.abort())

    def pause_writing(self) -> None:
        super().pause_writing()
        # Or else pongs would pile up for somebody who pings and does not read.
        self.transport.pause_reading()
        self._unread.start()

    def resume_writing(self) -> None:
        super().resume_writing()
        if not self.read_paused:
            self.transport.resume_reading()
        self._unread.stop()

    async def receive(self) -> ASGIReceiveEvent:
        event = await super().receive()
        if not self.writable.is_set():
            self.transport.pause_reading()
        return event

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._closing.start()

    async def run_asgi(self) -> None:
        await super().run_asgi()
        if not self.disconnected:
            self._closing.start()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unread.stop()
        self._closing.stop()
        super().connection_lost(exc)


def _host_of(connection: object) -> str:
    client = cast("tuple[str, int] | None", getattr(connection, "client", None))
    return subscriber_of(client[0]) if client else ""


def _num_neighbours(connections: set[Any], host: str) -> int:
    return sum(_host_of(known) == host for known in connections)
