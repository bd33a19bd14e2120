"""Messages of the server: notifications and answers to requests."""

from typing import Literal

from fifo_live.protocol.message import Message, RequestId

MAX_WORDS_CHARS = 2000
"""So much of a sentence that comes from the engine or the log is passed on."""


class Accepted(Message):
    """A request was fulfilled. For a prompt: its cue, and when it is seen; `eta_s` is None while that is unknown."""

    type: Literal["accepted"] = "accepted"
    id: RequestId = None
    cue: int | None = None
    enters_frame: int | None = None
    visible_frame: int | None = None
    eta_s: float | None = None
    understood: list[str] | None = None


class Error(Message):
    """A request cannot be fulfilled; the connection stays open. `code` is an ErrorCode, or one of the model's own."""

    type: Literal["error"] = "error"
    id: RequestId = None
    code: str
    message: str


class OnAir(Message):
    """The first frame of a cue was just handed to the encoders."""

    type: Literal["on_air"] = "on_air"
    cue: int
    frame: int


class Log(Message):
    """A line of the server's log."""

    type: Literal["log"] = "log"
    level: str
    message: str
