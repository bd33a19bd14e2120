"""Viewer sessions, keyed by their secret id."""

import asyncio
import logging
import secrets
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from fifo_live.config import Config
from fifo_live.errors import FifoLiveError
from fifo_live.ice_server import IceServer
from server.media.codec import Codec
from server.media.outputs.webrtc.ice import local_addresses
from server.media.outputs.webrtc.offer import Offer
from server.media.outputs.webrtc.peer import Peer
from server.media.outputs.webrtc.viewer import Viewer
from server.media.outputs.webrtc.waiting import surplus
from server.media.rendition import Rendition
from server.open_files import max_files, num_open_files

logger = logging.getLogger(__name__)

CONNECT_TIMEOUT_S = 30.0
RESERVED_FILES = 32
"""What viewers leave to HTTP and the control socket."""

CROWDED = "Too many viewers are joining at this moment; try again."


class FullHouseError(FifoLiveError):
    """There are as many viewers as may be."""

    code = "full"


@dataclass(eq=False)
class Session:
    """One viewer's stay: first it waits for its connection, then it has a place."""

    name: str
    subscriber: str
    viewer: Viewer
    peer: Peer
    timeout: asyncio.TimerHandle | None = field(default=None, repr=False)

    @property
    def is_alive(self) -> bool:
        """Whether anything was heard by its connection."""
        return self.peer.is_alive


class ViewerSessions:
    """Gives places to those who connect, up to a number, and sees them out, also those who leave without a word."""

    def __init__(self, config: Config, publishers: Mapping[Codec, Rendition]) -> None:
        self._config = config
        self._publishers = publishers
        self._sessions: dict[str, Session] = {}
        self._waiting: dict[str, Session] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self.num_joined = 0
        self.num_displaced = 0
        self._num_dropped_before = 0
        self._num_joining = 0
        self._misses_servers = False

    def __len__(self) -> int:
        return len(self._sessions)

    def __contains__(self, name: str) -> bool:
        return name in self._sessions or name in self._waiting

    @property
    def num_waiting(self) -> int:
        """How many offers wait for their connection."""
        return len(self._waiting)

    async def join(self, offer: Offer, subscriber: str, *, is_local: bool) -> tuple[str, str]:
        """Return the name of a new session and the answer to its offer; `subscriber` is where that came from.

        Raises: FullHouseError, OfferError for an offer that cannot be answered, NoSocketError.
        """
        if len(self) >= self._config.server.max_viewers:
            raise FullHouseError(f"The limit of {self._config.server.max_viewers} viewers is reached.")
        if not self._has_files():
            raise FullHouseError(
                "The server has too few file descriptors for another viewer; raise its limit (ulimit -n)."
            )
        session = self._admit(subscriber, is_local=is_local)
        self._num_joining += 1
        try:
            answer = await session.peer.answer(offer)
            if session.name not in self:
                raise FullHouseError(CROWDED)
        except BaseException as error:
            was_displaced = session.name not in self
            await self.leave(session.name)
            if was_displaced and isinstance(error, FifoLiveError):
                raise FullHouseError(CROWDED) from error
            raise
        finally:
            self._num_joining -= 1
        self._note_servers(session.peer)
        self.num_joined += 1
        return session.name, answer

    async def add_candidates(self, name: str, fragment: str) -> None:
        """Take further candidates of a viewer.

        Raises: IceRestartError.
        """
        session = self._waiting.get(name) or self._sessions.get(name)
        if session is not None:
            await session.peer.add_candidates(fragment)

    async def leave(self, name: str) -> None:
        """End a session; one that is not there is no error."""
        session = self._sessions.pop(name, None) or self._waiting.pop(name, None)
        if session is not None:
            await self._end(session)

    async def close(self) -> None:
        """End all sessions."""
        await asyncio.gather(*map(self.leave, [*self._sessions, *self._waiting]), *self._closing)

    @property
    def num_dropped(self) -> int:
        """How many packets slow viewers have missed."""
        return self._num_dropped_before + sum(session.viewer.num_dropped for session in self._sessions.values())

    def _admit(self, subscriber: str, *, is_local: bool) -> Session:
        name = secrets.token_urlsafe(18)
        viewer = Viewer()
        peer = Peer(
            self._config.webrtc,
            viewer,
            lambda: self._on_connected(name),
            lambda: self._see_out(name),
            is_local=is_local,
        )
        session = self._waiting[name] = Session(name, subscriber, viewer, peer)
        session.timeout = asyncio.get_running_loop().call_later(CONNECT_TIMEOUT_S, self._give_up, name)
        self._make_room()
        return session

    def _has_files(self) -> bool:
        """Return whether there are files for one more viewer, and still some for those who only ask."""
        addresses = local_addresses(self._config.webrtc.addresses, ipv4=True, ipv6=True)
        needed = (self._num_joining + 1) * (len(addresses) + 1)
        return num_open_files() + needed + RESERVED_FILES <= max_files()

    def _make_room(self) -> None:
        while (session := surplus(self._waiting.values())) is not None:
            self.num_displaced += 1
            # Out of the count at once; its end takes a moment.
            del self._waiting[session.name]
            self._run(self._end(session))

    async def _end(self, session: Session) -> None:
        if session.timeout is not None:
            session.timeout.cancel()
        if session.viewer.codec is not None:
            self._publishers[session.viewer.codec].remove(session.viewer)
        self._num_dropped_before += session.viewer.num_dropped
        await session.peer.close()

    def _on_connected(self, name: str) -> None:
        session = self._waiting.pop(name, None)
        if session is None:
            return
        if session.timeout is not None:
            session.timeout.cancel()
        self._sessions[name] = session
        if len(self) > self._config.server.max_viewers or session.viewer.codec is None:
            self._see_out(name)
        else:
            self._publishers[session.viewer.codec].add(session.viewer)

    def _give_up(self, name: str) -> None:
        if name in self._waiting:
            logger.info("a viewer has not connected within %g s", CONNECT_TIMEOUT_S)
            self._see_out(name)

    def _see_out(self, name: str) -> None:
        # Not awaited by the peer, who would wait for its own end.
        self._run(self.leave(name))

    def _run(self, ending: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(ending)
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _note_servers(self, peer: Peer) -> None:
        """Say once that a STUN or TURN server is away, and once that all are back."""
        if peer.misses_servers == self._misses_servers:
            return
        self._misses_servers = peer.misses_servers
        if self._misses_servers:
            servers = ", ".join(IceServer.parse(text).url for text in self._config.webrtc.ice_servers)
            logger.warning("a STUN or TURN server does not answer (webrtc.ice_servers: %s)", servers)
        else:
            logger.info("the STUN and TURN servers answer again")
