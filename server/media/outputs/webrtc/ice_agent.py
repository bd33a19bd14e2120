"""ICE (RFC 8445) by aioice, limited so that no session can direct traffic at third parties.

Private parts of aioice are used; tests/server/media/test_agent.py fails when another version lacks them.
"""

import asyncio
import struct
from typing import Any

import aioice.ice
from aioice import stun
from aioice.ice import Connection, StunProtocol
from aiortc import rtcicetransport

GATHER_TIMEOUT_S = 1
"""How long an answer waits for STUN and TURN servers: what they add comes too late after that."""
CHECK_INTERVAL_S = 0.05
CHECK_RETRANSMISSIONS = 2
CONSENT_RETRANSMISSIONS = 2
CONSENT_FAILURES = 4
MAX_UNASKED = 60
"""Connectivity checks that a session may send to addresses that have not answered, and as many to those that asked."""
MAX_PATHS = 32
MAX_QUEUED = 256

Address = tuple[str, int]


def install() -> None:
    """Let all new connections of aiortc use this agent; a second call changes nothing."""
    ice_of_aiortc: Any = rtcicetransport
    ice_of_aiortc.Connection = IceAgent
    aioice.ice.StunProtocol = _socket_of  # type: ignore[misc,assignment]
    # Four failures in a row, of three questions each over 3.5 s, are the 30 s after which consent is lost (RFC 7675).
    aioice.ice.CONSENT_FAILURES = CONSENT_FAILURES


def _socket_of(receiver: Connection) -> StunProtocol:
    return IceSocket(receiver) if isinstance(receiver, IceAgent) else StunProtocol(receiver)


class IceAgent(Connection):
    """Asks few addresses, slowly, and hears those only that have shown the session's password."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.offers_loopback = True
        self._heard: dict[Address, None] = {}
        self._answered: set[Address] = set()
        self._num_asked = {False: 0, True: 0}
        self._next_check_s = 0.0
        self.num_refused = 0

    @property
    def has_heard(self) -> bool:
        """Whether the peer has asked with the session's password, for which it needs our answer."""
        return bool(self._heard)

    @property
    def misses_servers(self) -> bool:
        """Whether a STUN or TURN server that was asked has added no candidate."""
        kinds = {candidate.type for candidate in self.local_candidates}
        return (self.stun_server is not None and "srflx" not in kinds) or (
            self.turn_server is not None and "relay" not in kinds
        )

    def knows(self, address: Address) -> bool:
        """Return whether what comes from an address is the peer's."""
        return address in self._heard or address in self._answered

    def note_answer(self, address: Address) -> None:
        """Note that somebody at an address has answered a check."""
        self._answered.add(address)
        self._num_asked[True] = 0

    def has_answered(self, address: Address) -> bool:
        """Return whether somebody at an address has answered a check."""
        return address in self._answered

    def may_ask(self, address: Address) -> bool:
        """Return whether one more check may go to an address, and count it."""
        if address in self._answered:
            return True
        has_asked = address in self._heard
        if self._num_asked[has_asked] >= MAX_UNASKED:
            self.num_refused += 1
            return False
        self._num_asked[has_asked] += 1
        return True

    def may_queue(self) -> bool:
        """Return whether there is room for one more datagram."""
        return self._queue.qsize() < MAX_QUEUED

    async def get_component_candidates(self, component: int, addresses: list[str], timeout: int = 5) -> Any:
        """Gather, on loopback only for those who may be there, and without long waits for servers."""
        if not self.offers_loopback:
            addresses = [address for address in addresses if address != "::1" and not address.startswith("127.")]
        candidates = await super().get_component_candidates(component, addresses, min(timeout, GATHER_TIMEOUT_S))
        if self._closing:
            # Closed meanwhile, when these sockets were not known yet.
            await asyncio.gather(*(protocol.close() for protocol in self._protocols))
            self._protocols.clear()
            return []
        return candidates

    def request_received(self, message: stun.Message, addr: Address, protocol: StunProtocol) -> None:
        """Answer a question; one without a priority (RFC 8445, section 7.1.1) is none."""
        if not self._closing and "PRIORITY" not in message.attributes:
            self.respond_error(message, addr, protocol, (400, "Bad Request"))
            return
        super().request_received(message, addr, protocol)

    def check_incoming(self, message: stun.Message, addr: Address, protocol: StunProtocol) -> None:
        """Take a question that was signed with the password."""
        if addr not in self._heard:
            if len(self._heard) >= MAX_PATHS and not self._forget_old_paths():
                return
            self._heard[addr] = None
        super().check_incoming(message, addr, protocol)

    def _forget_old_paths(self) -> bool:
        """Make room for a peer that moved: of a connection that stands, only the path in use is kept."""
        if not self._check_list_done:
            return False
        used = list(self._nominated.values())
        self._check_list = [pair for pair in self._check_list if pair in used or pair.task is not None]
        kept = [pair.remote_candidate for pair in self._check_list]
        self._remote_candidates = [candidate for candidate in self._remote_candidates if candidate in kept]
        addresses = {pair.remote_addr for pair in self._check_list}
        self._heard = {address: None for address in self._heard if address in addresses}
        self._answered &= addresses
        return len(self._heard) < MAX_PATHS

    def _check_periodic(self) -> bool:
        if self._check_list_done:
            return False
        now_s = asyncio.get_running_loop().time()
        if now_s < self._next_check_s:
            return True
        self._next_check_s = now_s + CHECK_INTERVAL_S
        return super()._check_periodic()

    async def close(self) -> None:
        """Close, and let go of all that points back here, so that nothing waits for the garbage collector."""
        await super().close()
        self._check_list.clear()
        self._early_checks.clear()
        self._remote_candidates.clear()


class IceSocket(StunProtocol):
    """One socket of an agent."""

    receiver: IceAgent

    def datagram_received(self, data: bytes | str, addr: tuple[Any, ...]) -> None:
        """Take a datagram: STUN from everybody, anything else from the peer only."""
        if not data or not self.receiver.may_queue():
            return
        first = data[0]
        if isinstance(first, int) and first > 3 and not self.receiver.knows((addr[0], addr[1])):
            return
        try:
            super().datagram_received(data, addr)
        except (struct.error, KeyError, IndexError, ValueError):
            # aioice reads what strangers send without looking; whatever it stumbles over is no message.
            self.receiver.num_refused += 1

    async def request(
        self,
        request: stun.Message,
        addr: Address,
        integrity_key: bytes | None = None,
        retransmissions: int | None = None,
    ) -> tuple[stun.Message, Address]:
        """Ask: for consent as patiently as a round trip of 3 s needs, a stranger less often than aioice would."""
        if integrity_key is not None:
            if retransmissions == 0:
                retransmissions = CONSENT_RETRANSMISSIONS
            elif not self.receiver.has_answered(addr):
                retransmissions = CHECK_RETRANSMISSIONS
        answer = await super().request(request, addr, integrity_key, retransmissions)
        if integrity_key is not None:
            self.receiver.note_answer(addr)
        return answer

    def send_stun(self, message: stun.Message, addr: Address) -> None:
        """Send, unless it is a check to one who was asked enough."""
        is_check = message.message_class == stun.Class.REQUEST and "USERNAME" in message.attributes
        if not is_check or self.receiver.may_ask(addr):
            super().send_stun(message, addr)
