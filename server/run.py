"""Runs the server until it is told to stop."""

import asyncio
import errno
import logging
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

import uvicorn
from fastapi import FastAPI

from fifo_live.config import Config
from fifo_live.errors import SetupError
from fifo_live.link.messages import Ready
from fifo_live.link.output import lose_what_nobody_reads
from fifo_live.link.process import WORKER_MODULE
from fifo_live.link.signals import ending_signals
from fifo_live.link.state import StateChange
from fifo_live.link.supervisor import Notice
from fifo_live.protocol.answers import OnAir
from fifo_live.protocol.state import EngineState
from server.app import create_app
from server.control.events import FirstFrame
from server.control.log_lines import followed_log
from server.http.access import is_loopback, view_token
from server.http.addresses import Entrance, family_of, local_host, others_hosts, plain_host
from server.http.connections import HttpConnection, SocketConnection
from server.media.outputs.webrtc import peer as rtc
from server.open_files import raise_file_limit
from server.stream import StreamService

logger = logging.getLogger(__name__)

MAX_MESSAGE_BYTES = 1 << 20
STOP_TIMEOUT_S = 2
KEEP_ALIVE_S = 5
PROXIES = ["127.0.0.0/8", "::1"]
"""Whose word counts on where a request comes from: proxies on this machine."""


def run(config: Config, *, module: str = WORKER_MODULE) -> None:
    """Serve until a signal ends it: Ctrl-C, SIGTERM, the end of the terminal, or any other that asks for an end.

    Raises: SetupError if the server cannot listen there.
    """
    lose_what_nobody_reads()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("aioice", "aiortc"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    raise_file_limit()
    config = with_token(config)
    with listen(config) as listener:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_serve_until_signal(StreamService(config, module=module), listener))


async def _serve_until_signal(studio: StreamService, listener: socket.socket) -> None:
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

    Raises: SetupError if the server cannot listen there.
    """
    host, port = plain_host(config.server.host), config.server.port
    try:
        listener = socket.socket(family_of(host))
    except OSError as error:
        raise SetupError(f"The host {host!r} has no address: {error.strerror}. Choose another with --host.") from error
    try:
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        advice = "Choose another with " + ("--host." if error.errno == errno.EADDRNOTAVAIL else "--port.")
        reason = error.strerror or str(error)
        raise SetupError(f"Cannot listen on {Entrance(host, port).netloc}: {reason}. {advice}") from error
    return listener


async def serve(studio: StreamService, listener: socket.socket, stop: asyncio.Event) -> None:
    """Serve on a listening socket until told to stop.

    Raises: whatever broke the media chain, which is a bug.
    """
    rtc.prepare(studio.config.webrtc.addresses)
    app = create_app(studio)
    server = _Server(_uvicorn_config(app))
    server_config = studio.config.server
    studio.listen(_Announcer(server_config.host, listener.getsockname()[1], server_config.token))
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
    for number in ending_signals():
        if number.name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN:
            continue  # nohup: the end of the terminal is not ours.
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))


def _uvicorn_config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=HttpConnection,
        ws=SocketConnection,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        server_header=False,
        lifespan="off",
        forwarded_allow_ips=PROXIES,
        access_log=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=STOP_TIMEOUT_S,
        timeout_keep_alive=KEEP_ALIVE_S,
    )


class _Announcer:
    """Tells the one who started the server where it is and how it does."""

    def __init__(self, host: str, port: int, token: str) -> None:
        self._here = Entrance(local_host(host), port, token)
        self._print(f"fifo-live listens on {self._here.page}")
        for entrance in [Entrance(other, port, token) for other in others_hosts(host)] or [self._here]:
            self._print_entrance(entrance)
        if token:
            self._print(f"Token to steer: {quote(token, safe='')}   to watch only: {view_token(token)}")
        self._print("Loading the model. Ctrl-C ends the server.")

    def __call__(self, notice: Notice | OnAir | FirstFrame) -> None:
        if isinstance(notice, FirstFrame):
            self._print(f"The first frame is ready: {self._here.page}")
        elif isinstance(notice, Ready):
            info = notice.info
            self._print(f"The model is loaded: {info.name}, {info.width}x{info.height}. The queue is filling.")
        elif isinstance(notice, StateChange) and notice.state in (
            EngineState.FAILED,
            EngineState.RESTARTING,
            EngineState.STALLED,
        ):
            self._print(f"The engine is {notice.state}: {notice.message}")

    def _print_entrance(self, entrance: Entrance) -> None:
        self._print(f"  Page to steer:  {entrance.page}")
        self._print(f"  Viewer:         {entrance.viewer}")
        self._print(f"  OBS source:     {entrance.obs_source}")

    def _print(self, text: str) -> None:
        print(text, flush=True)
