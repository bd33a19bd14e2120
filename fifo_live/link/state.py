"""What the engine is doing, as the server sees it."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The states of a worker's life. STALLED runs but gives no frames; RESTARTING is the pause between two lives."""

    STARTING = "starting"
    LOADING = "loading"
    WARMING = "warming"
    RUNNING = "running"
    STALLED = "stalled"
    PAUSED = "paused"
    RESTARTING = "restarting"
    FAILED = "failed"
    STOPPED = "stopped"


_ENDS = {State.RESTARTING, State.FAILED, State.STOPPED}
TRANSITIONS: dict[State, set[State]] = {
    State.STARTING: {State.LOADING, *_ENDS},
    State.LOADING: {State.WARMING, *_ENDS},
    State.WARMING: {State.RUNNING, State.PAUSED, *_ENDS},
    State.RUNNING: {State.STALLED, State.PAUSED, *_ENDS},
    State.STALLED: {State.RUNNING, State.PAUSED, *_ENDS},
    State.PAUSED: {State.RUNNING, *_ENDS},
    State.RESTARTING: {State.STARTING, State.FAILED, State.STOPPED},
    State.FAILED: {State.STOPPED},
    State.STOPPED: {State.STARTING},
}
"""Which state may follow which."""


@dataclass(frozen=True)
class StateChange:
    """The engine is in a new state; `message` says why, where there is a reason."""

    state: State
    message: str = ""
