"""All who watch, by the secret name of their session."""

import asyncio
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fifo_live.config import Config
from fifo_live.errors import FifoLiveError
from server.media.codec import Codec
from server.media.publisher import Publisher
from server.media.rtc import Peer
from server.media.viewer import Viewer

logger = logging.getLogger(__name__)

CONNECT_TIMEOUT_S = 30.0


class FullHouseError(FifoLiveError):
    """There are as many viewers as may be."""

    code = "full"


@dataclass(eq=False)
class Session:
    """One viewer's stay."""

    name: str
    viewer: Viewer
    peer: Peer


class Audience:
    """Lets viewers in, up to a number, and sees them out, also those who leave without a word."""

    def __init__(self, config: Config, publishers: Mapping[Codec, Publisher]) -> None:
        self._config = config
        self._publishers = publishers
        self._sessions: dict[str, Session] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self.num_joined = 0
        self._num_dropped_before = 0

    def __len__(self) -> int:
        return len(self._sessions)

    def __contains__(self, name: str) -> bool:
        return name in self._sessions

    async def join(self, offer: str, codecs: Sequence[Codec]) -> tuple[str, str]:
        """Return the name of a new session and the answer to its offer.

        Raises: FullHouseError, or OfferError for an offer that can not be answered.
        """
        if len(self) >= self._config.server.max_viewers:
            raise FullHouseError(f"All {self._config.server.max_viewers} places are taken.")
        session = self._admit(secrets.token_urlsafe(18))
        try:
            answer = await session.peer.answer(offer, codecs)
        except BaseException:
            await self.leave(session.name)
            raise
        asyncio.get_running_loop().call_later(CONNECT_TIMEOUT_S, self._check_connected, session)
        self.num_joined += 1
        return session.name, answer

    async def add_candidates(self, name: str, fragment: str) -> None:
        """Take further candidates of a viewer."""
        if name in self:
            await self._sessions[name].peer.add_candidates(fragment)

    async def leave(self, name: str) -> None:
        """End a session; one that is not there is no error."""
        session = self._sessions.pop(name, None)
        if session is None:
            return
        if session.viewer.codec is not None:
            self._publishers[session.viewer.codec].remove(session.viewer)
        self._num_dropped_before += session.viewer.num_dropped
        await session.peer.close()

    async def close(self) -> None:
        """End all sessions."""
        await asyncio.gather(*map(self.leave, list(self._sessions)), *self._closing)

    @property
    def num_dropped(self) -> int:
        """How many packets slow viewers have missed."""
        return self._num_dropped_before + sum(session.viewer.num_dropped for session in self._sessions.values())

    def _admit(self, name: str) -> Session:
        viewer = Viewer()
        peer = Peer(self._config.webrtc, viewer, lambda: self._on_connected(name), lambda: self._on_gone(name))
        self._sessions[name] = Session(name, viewer, peer)
        return self._sessions[name]

    def _on_connected(self, name: str) -> None:
        session = self._sessions.get(name)
        if session is not None and session.viewer.codec is not None:
            self._publishers[session.viewer.codec].add(session.viewer)

    def _on_gone(self, name: str) -> None:
        # Not awaited by the peer, who would wait for its own end.
        task = asyncio.create_task(self.leave(name))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _check_connected(self, session: Session) -> None:
        if session.name in self and not session.peer.was_connected:
            logger.info("a viewer has not connected within %g s", CONNECT_TIMEOUT_S)
            self._on_gone(session.name)
