"""Both ends of the line between server and worker: newline-delimited JSON over a loopback TCP socket.

The end of the stream (EOFError) means that the other side is gone; there is no other goodbye.
"""

import asyncio
import selectors
import socket
import threading

from fifo_live.link.messages import COMMAND, EVENT, Command, Event, Hello
from fifo_live.protocol.message import Message

MAX_LINE_BYTES = 1 << 20
MAX_UNSENT_BYTES = 4 << 20
_RECEIVE_BYTES = 1 << 16


def encode_line(message: Message) -> bytes:
    """Return a message as one line."""
    return message.model_dump_json().encode() + b"\n"


class LineBuffer:
    """Cuts a stream of bytes into lines, holding back what has no end yet."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines that `data` completes.

        Raises: ValueError for a line longer than MAX_LINE_BYTES.
        """
        *lines, self._rest = (self._rest + data).split(b"\n")
        longest = max(map(len, [*lines, self._rest]))
        if longest > MAX_LINE_BYTES:
            raise ValueError(f"A line of at least {longest} bytes; {MAX_LINE_BYTES} are allowed.")
        return lines


class WorkerChannel:
    """The worker's end: blocking. Any thread may `send`, one thread at a time may `receive`."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = connection
        self._send_lock = threading.Lock()
        self._lines = LineBuffer()
        self._selector = selectors.DefaultSelector()
        self._selector.register(connection, selectors.EVENT_READ)

    @classmethod
    def connect(cls, address: str, token: str, rank: int = 0) -> "WorkerChannel":
        """Connect to the server at "host:port" and say hello.

        Raises: OSError if nobody listens there.
        """
        host, port = address.rsplit(":", 1)
        channel = cls(socket.create_connection((host, int(port)), timeout=None))
        channel.send(Hello(token=token, rank=rank))
        return channel

    def send(self, event: Event) -> None:
        """Send an event, waiting while the server is slow to read.

        Raises: EOFError if the server is gone.
        """
        line = encode_line(event)
        try:
            with self._send_lock:
                self._socket.sendall(line)
        except OSError as error:
            raise EOFError("The connection to the server is lost.") from error

    def receive(self, timeout_s: float | None = 0.0) -> list[Command]:
        """Return the commands that have come, in order; with none there, wait up to `timeout_s` (None: for ever).

        Raises: EOFError if the server is gone; ValueError for what is no command.
        """
        commands: list[Command] = []
        while self._selector.select(0.0 if commands else timeout_s):
            try:
                lines = self._lines.feed(self._read())
            except EOFError:
                if commands:
                    break
                raise
            commands += [COMMAND.validate_json(line) for line in lines]
        return commands

    def _read(self) -> bytes:
        try:
            data = self._socket.recv(_RECEIVE_BYTES)
        except OSError as error:
            raise EOFError("The connection to the server is lost.") from error
        if not data:
            raise EOFError("The connection to the server is lost.")
        return data

    def close(self) -> None:
        """Hang up."""
        self._selector.close()
        self._socket.close()


class ServerChannel:
    """The server's end: asyncio. One task receives; sending never waits."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def send(self, command: Command) -> None:
        """Send a command.

        Raises: EOFError if the worker is gone or has read nothing for so long that too much waits for it.
        """
        transport = self._writer.transport
        if transport.is_closing():
            raise EOFError("The connection to the worker is lost.")
        if transport.get_write_buffer_size() > MAX_UNSENT_BYTES:
            raise EOFError(f"The worker does not read; {MAX_UNSENT_BYTES} bytes wait for it.")
        self._writer.write(encode_line(command))

    async def receive(self) -> Event:
        """Return the next event.

        Raises: EOFError if the worker is gone; ValueError for what is no event.
        """
        try:
            line = await self._reader.readline()
        except ConnectionError as error:
            raise EOFError("The connection to the worker is lost.") from error
        if not line.endswith(b"\n"):
            raise EOFError("The connection to the worker is lost.")
        return EVENT.validate_json(line)

    def close(self) -> None:
        """Hang up."""
        self._writer.close()
