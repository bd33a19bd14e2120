"""Control clients and the messages each of them receives."""

import asyncio
from collections.abc import Callable

from fifo_live.link.messages import Accepted as EngineAccepted
from fifo_live.link.messages import EngineStats, Event
from fifo_live.link.state import StateChange
from fifo_live.protocol.answers import MAX_WORDS_CHARS, Log, OnAir
from fifo_live.protocol.slots import Queue
from fifo_live.protocol.state import EngineState, Progress, State
from fifo_live.protocol.wire import ServerMessage
from server.control.coalescer import Coalescer
from server.control.events import FirstFrame
from server.control.outbox import Outbox
from server.control.roles import Role
from server.control.snapshot import due_times, state_message, stats_message
from server.http.connections import max_connections
from server.http.problem import Problem
from server.stream import StreamService

MAX_CLIENTS = 512
MAX_CLIENTS_PER_ADDRESS = 256
STATE_INTERVAL_S = 0.25
CLIENTS_AT_ONCE = 32
QUIET_INTERVAL_S = 1.0
DRIFT_S = 0.3
"""By so much may the time announced for a cue be wrong before it is announced anew."""

_QUIET = (EngineState.STALLED, EngineState.PAUSED, EngineState.RESTARTING, EngineState.FAILED)
"""The states in which the engine tells no figures."""


class Client:
    """One control connection: its role, its channels and what waits for it."""

    def __init__(self, role: Role, address: str = "") -> None:
        self.role = role
        self.address = address
        self.channels: set[str] = set()
        self.outbox = Outbox()


class Hub:
    """Tells the clients what happens in the studio."""

    def __init__(self, studio: StreamService) -> None:
        self._studio = studio
        self._clients: set[Client] = set()
        self._state_changed = Coalescer(self._tell_state, STATE_INTERVAL_S)
        self._quiet_again: asyncio.TimerHandle | None = None
        self._told_due_s: dict[int, float] = {}
        self._num_dropped_before = 0
        studio.listen(self._on_notice)

    def __len__(self) -> int:
        return len(self._clients)

    @property
    def num_dropped(self) -> int:
        """How many messages slow clients have missed."""
        return self._num_dropped_before + sum(client.outbox.num_dropped for client in self._clients)

    def add(self, client: Client) -> None:
        """Let a client hear of everything; it begins with the state.

        Raises: Problem (503) when there are too many clients.
        """
        num_neighbours = sum(known.address == client.address for known in self._clients)
        most = min(MAX_CLIENTS, max_connections() // 2)
        if len(self._clients) >= most:
            raise Problem(503, "too_many_clients", f"{most} control clients are connected; try again later.")
        if num_neighbours >= MAX_CLIENTS_PER_ADDRESS:
            message = f"{MAX_CLIENTS_PER_ADDRESS} control clients of this address are connected; close some of them."
            raise Problem(503, "too_many_clients", message)
        self._clients.add(client)
        client.outbox.put(state_message(self._studio, client.role))

    def remove(self, client: Client) -> None:
        """Forget a client."""
        self._clients.discard(client)
        self._num_dropped_before += client.outbox.num_dropped

    def log(self, level: str, message: str) -> None:
        """Pass on a line of the log to those who subscribed and may steer."""
        message = message[:MAX_WORDS_CHARS]
        self._tell(lambda: Log(level=level, message=message), "log", Role.STEER)

    def _on_notice(self, notice: Event | StateChange | OnAir | FirstFrame) -> None:
        match notice:
            case OnAir():
                self._tell(lambda: notice)
            case Queue():
                self._tell(lambda: notice, "queue")
            case EngineStats():
                self._tell_stats()
                self._announce_anew()
            case StateChange(state=state) if state in _QUIET:
                self._state_changed()
                self._tell_quiet()
            case StateChange() | Progress() | EngineAccepted() | FirstFrame():
                self._state_changed()

    def _tell_stats(self) -> None:
        self._tell(lambda: stats_message(self._studio), "stats")

    def _tell_quiet(self) -> None:
        """Tell the figures, and again until the last frames have left them: the engine tells none by itself now."""
        self._tell_stats()
        is_quiet = self._studio.supervisor.state in _QUIET
        if self._quiet_again is not None:
            self._quiet_again.cancel()
        self._quiet_again = None
        if is_quiet and stats_message(self._studio).delivered_fps > 0:
            self._quiet_again = asyncio.get_running_loop().call_later(QUIET_INTERVAL_S, self._tell_quiet)

    def _announce_anew(self) -> None:
        """Tell the state again if what it said of the cues that wait is no longer true."""
        told = self._told_due_s
        if any(abs(due_s - told.get(cue, due_s)) > DRIFT_S for cue, due_s in due_times(self._studio).items()):
            self._state_changed()

    def _tell_state(self) -> None:
        """Make the state once, write it once per role, and hand it to some clients per turn of the loop."""
        self._told_due_s = due_times(self._studio)
        states = {role: state_message(self._studio, role) for role in {client.role for client in self._clients}}
        self._hand_out(states, list(self._clients))

    def _hand_out(self, states: dict[Role, State], clients: list[Client]) -> None:
        for client in clients[:CLIENTS_AT_ONCE]:
            if client in self._clients:
                client.outbox.put(states[client.role])
        if clients[CLIENTS_AT_ONCE:]:
            asyncio.get_running_loop().call_soon(self._hand_out, states, clients[CLIENTS_AT_ONCE:])

    def _tell(self, make: Callable[[], ServerMessage], channel: str = "", role: Role = Role.VIEW) -> None:
        listeners = [c for c in self._clients if (not channel or channel in c.channels) and c.role >= role]
        if listeners:
            message = make()
            for client in listeners:
                client.outbox.put(message)
