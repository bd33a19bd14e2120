"""Output that nobody reads ends nothing and waits for nobody."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import TextIO

import pytest

from fifo_live.link.output import unread

CHATTY = """
import sys, warnings
from fifo_live.link.output import lose_what_nobody_reads
lose_what_nobody_reads()
for number in range(20000):
    print("a line", number)
    print("an error", number, file=sys.stderr)
warnings.warn("and a warning")
sys.exit(5)
"""

Pipe = tuple[int, TextIO]


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    """The reading end of a pipe, and a lenient stream into the other end."""
    reading, writing = os.pipe()
    with open(writing, "w", encoding="ascii") as plain:
        stream = unread(plain)
        yield reading, stream
        stream.flush()


def test_what_is_read_arrives_whole(pipe: Pipe) -> None:
    """Lines come as they were, also long ones; what the terminal's alphabet lacks is written in another way."""
    reading, stream = pipe
    print("x" * 20000, "\u2713", file=stream)
    with open(reading, "rb") as reader:
        assert reader.read(20008) == b"x" * 20000 + b" \\u2713\n"


def test_a_reader_that_is_gone_is_no_error(pipe: Pipe) -> None:
    """What is printed then is lost."""
    reading, stream = pipe
    os.close(reading)
    for _ in range(1000):
        print("a line that nobody reads", file=stream)


def test_a_reader_that_does_not_read_holds_up_nobody(pipe: Pipe) -> None:
    """What is more than the pipe holds is lost; what it holds is there."""
    reading, stream = pipe
    for number in range(100000):
        print("line", number, file=stream)
    with open(reading, "rb", buffering=0) as reader:
        assert reader.read(1 << 16).startswith(b"line 0\nline 1\n")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full disk to write to")
def test_a_full_disk_is_no_error() -> None:
    """Nor is any other reason why a line cannot be written."""
    with open("/dev/full", "w", encoding="utf-8") as plain:
        print("a line", file=unread(plain))


def test_a_whole_process_goes_on_without_readers() -> None:
    """Neither printing nor the interpreter's own end complains when both pipes are broken; the exit code is its own."""
    process = subprocess.Popen([sys.executable, "-c", CHATTY], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    process.stderr.close()
    assert process.wait(50) == 5


def test_streams_that_are_not_the_process_s_own_are_left_alone() -> None:
    """Who has put something else in their place keeps it."""
    code = "import io, sys; from fifo_live.link.output import lose_what_nobody_reads as lose; "
    code += "sys.stdout = mine = io.StringIO(); sys.stderr = None; lose(); sys.exit(sys.stdout is mine)"
    assert subprocess.run([sys.executable, "-c", code], timeout=50).returncode == 1
    assert isinstance(sys.__stdout__, io.TextIOWrapper)
