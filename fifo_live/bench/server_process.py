"""A real server in a process of its own, started through the command line, for benchmarks and end-to-end tests."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

from fifo_live.config import Config
from fifo_live.errors import SetupError
from fifo_live.link.pdeathsig import TETHER

HOST = "127.0.0.1"
REQUEST_TIMEOUT_S = 10.0
POLL_S = 0.05
STOP_TIMEOUT_S = 15.0
USER_ERROR, SENTENCE = 2, "fifo-live: "
"""How the command line ends when something can be mended, and what the last line of it begins with."""

DIRECT = build_opener(ProxyHandler({}))
"""Asks servers of this machine, whatever proxies the environment names."""


def free_port() -> int:
    """Return a TCP port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


def arguments_of(config: Config) -> list[str]:
    """Return the command line that gives a server all knobs of a Config but those of its address."""
    knobs = [
        (f"{section}.{key}", value)
        for section, values in config.with_values(server={"token": ""}).to_dict().items()
        for key, value in values.items()
        if f"{section}.{key}" not in ("server.host", "server.port")
    ]
    # What JSON writes for strings, numbers, booleans and lists of them is TOML too.
    return [part for key, value in knobs for part in ("--set", f"{key}={json.dumps(value, ensure_ascii=False)}")]


class ServerProcess:
    """`fifo-live serve` with some arguments; a context manager that ends it with Ctrl-C, as a person would.

    However this process ends, the server ends with it.
    """

    def __init__(self, arguments: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> None:
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self._arguments = [
            sys.executable,
            "-P",
            str(TETHER),
            "fifo_live",
            "serve",
            "--host",
            HOST,
            "--port",
            str(self.port),
        ]
        self._arguments += arguments
        self._log = log
        self._environment = {**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})}

    def __enter__(self) -> Self:
        self.started_s = time.monotonic()
        with self._log.open("wb") as log:
            # A group of its own, so that Ctrl-C at the terminal reaches it once, from here.
            self.process = subprocess.Popen(
                self._arguments, stdout=log, stderr=log, env=self._environment, start_new_session=True
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> int:
        """End the server and return its exit code; a server that does not end is killed."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            return self.process.wait()

    @property
    def output(self) -> str:
        """What the server has printed so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def wait_until(self, path: str, timeout_s: float) -> None:
        """Wait until a GET of `path` is answered with 200.

        Raises: SetupError if the server ends or the time is over.
        """
        self.wait_for_text(path, "", timeout_s)

    def wait_for_text(self, path: str, wanted: str, timeout_s: float) -> str:
        """Wait until the answer to a GET of `path` holds a text; returns the answer.

        Raises: SetupError if the server ends or the time is over.
        """
        deadline_s = time.monotonic() + timeout_s
        while time.monotonic() < deadline_s:
            if self.process.poll() is not None:
                raise SetupError(self._why_it_ended())
            try:
                answer = self.request("GET", path)
            except (URLError, HTTPException, ConnectionError):
                answer = ""
            if answer and wanted in answer:
                return answer
            time.sleep(POLL_S)  # another process: there is no event to wait for
        raise SetupError(f"{path} did not answer {wanted or '200'!r} within {timeout_s:.0f} s:\n{self.output}")

    def _why_it_ended(self) -> str:
        """Return the server's own sentence, or all that it printed."""
        last = (self.output.splitlines() or [""])[-1]
        if self.process.returncode == USER_ERROR and last.startswith(SENTENCE):
            return last.removeprefix(SENTENCE)
        return f"The server ended with code {self.process.returncode}:\n{self.output}"

    def request(self, method: str, path: str, body: Any = None) -> str:
        """Send a request, a body as JSON, and return the answer's text.

        Raises: HTTPError for an answer of 400 and above.
        """
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        with DIRECT.open(request, timeout=REQUEST_TIMEOUT_S) as answer:
            text: str = answer.read().decode()
            return text
