"""What reaches rank 0: commands in order, credits apart, and the end."""

import socket
from collections.abc import Iterator
from threading import Thread

import pytest

from fifo_live.link.messages import Command, Credit, Pause, Resume
from fifo_live.link.transport import WorkerChannel, encode_line
from fifo_live.worker.inbox import Inbox

Line = tuple[socket.socket, Inbox]


@pytest.fixture
def line() -> Iterator[Line]:
    """The server's socket and the worker's inbox at its other end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with socket.create_connection(listener.getsockname()) as worker, listener.accept()[0] as server:
            yield server, Inbox(WorkerChannel(worker))


def say(line: Line, *commands: Command) -> None:
    line[0].sendall(b"".join(encode_line(command) for command in commands))


def test_takes_commands_in_order(line: Line) -> None:
    """Commands come as they were sent; with something else to do there is no wait for them."""
    say(line, Pause(request=1), Resume(request=2))
    taken: list[Command] = []
    while len(taken) < 2:
        taken += line[1].take(lambda: False)
    assert taken == [Pause(request=1), Resume(request=2)]
    assert line[1].take(lambda: True) == []


def test_credits_are_counted(line: Line) -> None:
    """A picture may go out for each credit; one more waits for the next."""
    say(line, Credit(frames=2))
    line[1].spend_credit()
    line[1].spend_credit()
    waiting = Thread(target=line[1].spend_credit)
    waiting.start()
    assert waiting.is_alive()
    say(line, Credit(frames=1))
    waiting.join(30)
    assert not waiting.is_alive()


def test_wakes_up(line: Line) -> None:
    """Who waits for commands looks again when there is progress elsewhere."""
    ready: list[bool] = []
    waiting = Thread(target=lambda: line[1].take(lambda: bool(ready)))
    waiting.start()
    ready.append(True)
    line[1].wake()
    waiting.join(30)
    assert not waiting.is_alive()


def test_end_of_the_server(line: Line) -> None:
    """A server that is gone ends every wait."""
    line[0].close()
    with pytest.raises(EOFError):
        line[1].take(lambda: False)
    with pytest.raises(EOFError):
        line[1].spend_credit()


def test_closing_ends_waits(line: Line) -> None:
    """The worker's own end wakes the decoder that waits for credit."""
    outcome: list[type[BaseException]] = []

    def spend() -> None:
        try:
            line[1].spend_credit()
        except EOFError:
            outcome.append(EOFError)

    waiting = Thread(target=spend)
    waiting.start()
    line[1].close()
    waiting.join(30)
    assert outcome == [EOFError]
