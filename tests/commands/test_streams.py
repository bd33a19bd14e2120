"""Facts about what the program prints when the terminal is not what it hopes for."""

import os
import subprocess
import sys

import pytest

from fifo_live import __version__

PROGRAM = [sys.executable, "-m", "fifo_live"]
SCRIPT = """
from fifo_live.commands.streams import open_streams
import sys, os
open_streams()
print("海 is the sea", flush=True)
sys.stdin.readline()
print("nobody reads this", flush=True)
print("nor this", file=sys.stderr, flush=True)
os._exit(7)
"""


def test_a_line_that_nobody_reads_is_lost() -> None:
    """A reader that goes away ends neither the program nor its other work, whatever is printed afterwards."""
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-c", SCRIPT], stdin=pipe, stdout=pipe, stderr=pipe)
    assert process.stdout and process.stderr and process.stdin
    assert process.stdout.readline().decode().rstrip() == "海 is the sea"
    process.stdout.close()
    process.stderr.close()
    process.stdin.write(b"\n")
    process.stdin.close()
    assert process.wait(30) == 7


def test_what_the_terminal_cannot_show_is_replaced() -> None:
    """In an encoding without the character its number is printed."""
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    command = [sys.executable, "-c", SCRIPT]
    result = subprocess.run(command, env=environment, input=b"\n", capture_output=True, timeout=30, check=False)
    assert result.returncode == 7
    assert result.stdout.splitlines()[0] == b"\\u6d77 is the sea"


@pytest.mark.parametrize("arguments", [["obs"], ["--help"], ["models", "--json"]])
def test_a_command_without_a_reader_ends_quietly(arguments: list[str]) -> None:
    """A pipe that is closed before anything was written is no error."""
    reader, writer = os.pipe()
    os.close(reader)
    result = subprocess.run([*PROGRAM, *arguments], stdout=writer, stderr=subprocess.PIPE, timeout=50, check=False)
    os.close(writer)
    assert (result.returncode, result.stderr) == (0, b"")


def test_the_version_is_printed() -> None:
    """`--version` prints the name and the version."""
    result = subprocess.run([*PROGRAM, "--version"], capture_output=True, text=True, timeout=30, check=False)
    assert (result.returncode, result.stdout) == (0, f"fifo-live {__version__}\n")
