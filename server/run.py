"""Runs the server until somebody ends it."""

import asyncio
import logging
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from fifo_live.config import Config
from fifo_live.errors import SetupError
from fifo_live.link.launch import WORKER_MODULE
from fifo_live.link.state import State, StateChange
from fifo_live.link.supervisor import Notice
from server.api.auth import is_loopback, view_token
from server.api.log import followed_log
from server.app import create_app
from server.media import rtc
from server.notices import FirstFrame, OnAir
from server.studio import Studio

logger = logging.getLogger(__name__)

MAX_MESSAGE_BYTES = 1 << 20
STOP_TIMEOUT_S = 2
PROXIES = ["127.0.0.0/8", "::1"]
"""Whose word counts on where a request comes from: proxies on this machine."""


def run(config: Config, *, module: str = WORKER_MODULE) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Raises: SetupError if the address can not be had.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("aioice", "aiortc"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    config = with_token(config)
    with listen(config) as listener:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_serve_until_signal(Studio(config, module=module), listener))


async def _serve_until_signal(studio: Studio, listener: socket.socket) -> None:
    stop = asyncio.Event()
    _on_signal(asyncio.get_running_loop(), stop)
    await serve(studio, listener, stop)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return uvloop's, or None where there is no uvloop: on Windows."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def with_token(config: Config) -> Config:
    """Return the configuration with a token if it needs one and has none."""
    if config.server.token or is_loopback(config.server.host):
        return config
    return config.with_values(server={"token": secrets.token_urlsafe(16)})


def listen(config: Config) -> socket.socket:
    """Return the listening socket.

    Raises: SetupError if the address can not be had.
    """
    host, port = config.server.host, config.server.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    try:
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise SetupError(f"{host}:{port} can not be had: {reason}. Take another with --port.") from error
    return listener


async def serve(studio: Studio, listener: socket.socket, stop: asyncio.Event) -> None:
    """Serve on a listening socket until told to stop.

    Raises: whatever broke the media chain, which is a bug.
    """
    rtc.prepare(studio.config.webrtc.addresses)
    app = create_app(studio)
    server = _Server(_uvicorn_config(app))
    studio.listen(_Announcer(_address(listener), studio.config.server.token))
    with followed_log(app.state.hub.log):
        await studio.start()
        web, media = asyncio.create_task(server.serve([listener])), asyncio.create_task(studio.run())
        told = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((web, media, told), return_when=asyncio.FIRST_COMPLETED)
            if media.done():
                media.result()
        finally:
            server.should_exit = True
            await studio.stop()
            await asyncio.gather(web, media, return_exceptions=True)
            told.cancel()


class _Server(uvicorn.Server):
    """A web server that leaves the signals to us: its own way ends the process before the workers are."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _on_signal(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))


def _uvicorn_config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_max_size=MAX_MESSAGE_BYTES,
        lifespan="off",
        forwarded_allow_ips=PROXIES,
        access_log=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=STOP_TIMEOUT_S,
    )


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    host = "127.0.0.1" if host == "0.0.0.0" else "[::1]" if host == "::" else f"[{host}]" if ":" in host else host
    return f"http://{host}:{port}"


class _Announcer:
    """Tells the one who started the server where it is and how it does."""

    def __init__(self, address: str, token: str) -> None:
        self._address = address + "/" + (f"#token={token}" if token else "")
        self._print(f"fifo-live listens on {self._address}")
        if token:
            self._print(f"Token to steer: {token}   to watch only: {view_token(token)}")

    def __call__(self, notice: Notice | OnAir | FirstFrame) -> None:
        if isinstance(notice, FirstFrame):
            self._print(f"The first frame is there: {self._address}")
        elif isinstance(notice, StateChange) and notice.state in (State.FAILED, State.RESTARTING):
            self._print(f"The engine is {notice.state}: {notice.message}")

    def _print(self, text: str) -> None:
        print(text, flush=True)
