"""State of the engine, as the server sees it."""

from dataclasses import dataclass

from fifo_live.protocol.state import EngineState

_ENDS = {EngineState.RESTARTING, EngineState.FAILED, EngineState.STOPPED}
TRANSITIONS: dict[EngineState, set[EngineState]] = {
    EngineState.STARTING: {EngineState.LOADING, *_ENDS},
    EngineState.LOADING: {EngineState.WARMING, *_ENDS},
    EngineState.WARMING: {EngineState.RUNNING, EngineState.PAUSED, *_ENDS},
    EngineState.RUNNING: {EngineState.STALLED, EngineState.PAUSED, *_ENDS},
    EngineState.STALLED: {EngineState.RUNNING, EngineState.PAUSED, *_ENDS},
    EngineState.PAUSED: {EngineState.RUNNING, *_ENDS},
    EngineState.RESTARTING: {EngineState.STARTING, EngineState.FAILED, EngineState.STOPPED},
    EngineState.FAILED: {EngineState.STOPPED},
    EngineState.STOPPED: {EngineState.STARTING},
}
"""Which state may follow which."""


@dataclass(frozen=True)
class StateChange:
    """The engine is in a new state; `message` says why, where there is a reason."""

    state: EngineState
    message: str = ""
