"""The complete state of the stream at one moment."""

from enum import StrEnum
from typing import Literal

from fifo_live.protocol.cues import Cue
from fifo_live.protocol.message import Message
from fifo_live.protocol.model import ModelInfo

VERSION = 1
"""The version of the wire; docs/release.md says what may change within one."""


class EngineState(StrEnum):
    """The states of a worker. RESTARTING is the pause between two of them; a STALLED one gives no frames."""

    STARTING = "starting"
    LOADING = "loading"
    WARMING = "warming"
    RUNNING = "running"
    STALLED = "stalled"
    PAUSED = "paused"
    RESTARTING = "restarting"
    FAILED = "failed"
    STOPPED = "stopped"


class Progress(Message):
    """How far the start is: loading, warming (the first pass over the queue), running."""

    type: Literal["progress"] = "progress"
    stage: Literal["importing", "loading", "warming", "running"]
    done: int = 0
    total: int = 0
    detail: str = ""


class EngineStatus(Message):
    """What the engine is doing; `message` says why, where there is a reason."""

    state: str
    message: str = ""
    progress: Progress | None = None


class State(Message):
    """Everything there is to know, on connecting and after each change.

    `view_token` is the token to hand to those who may only watch; it is told to those who may steer, and empty where
    the server wants none.
    """

    type: Literal["state"] = "state"
    version: int = VERSION
    role: Literal["view", "steer"]
    view_token: str = ""
    engine: EngineStatus
    model: ModelInfo | None
    fps: float
    frame: int
    cues: list[Cue]
    on_air: int | None
    viewers: int
    paused: bool
    seed: int
    guidance: float
