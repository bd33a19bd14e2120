"""The messages of the control socket, version 1; docs/protocol.md is made from them."""

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from fifo_live.link.messages import MAX_BLEND, ModelInfo, Progress, SlotState, WeightedPrompt

VERSION = 1
MAX_TRANSITION = 512
MAX_WORDS_CHARS = 2000
"""So much of a sentence that comes from the engine or the log is passed on."""

RequestId = Annotated[str, Field(max_length=64)] | Annotated[int, Field(ge=-(2**63), lt=2**63)] | None


class Message(BaseModel):
    """Base of all messages; unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @cached_property
    def encoded(self) -> str:
        """The message as JSON, made once however many it is sent to."""
        return self.model_dump_json()


class Prompt(Message):
    """Show something else: one `text`, or a blend of `prompts` with weights.

    `transition` is how many latents the change takes; `urgency` below 1 also changes what is in the queue and still
    so noisy.
    """

    type: Literal["prompt"] = "prompt"
    id: RequestId = None
    text: str | None = None
    prompts: Annotated[list[WeightedPrompt], Field(min_length=1, max_length=MAX_BLEND)] | None = None
    transition: int = Field(default=0, ge=0, le=MAX_TRANSITION)
    urgency: float = Field(default=1.0, ge=0.0, le=1.0)


class Set(Message):
    """New values for knobs; what is left out stays as it is."""

    type: Literal["set"] = "set"
    id: RequestId = None
    guidance: float | None = Field(default=None, ge=0.0, le=50.0)
    seed: int | None = Field(default=None, ge=0, lt=2**63)


class Pause(Message):
    """Stop making new frames; the last one stays."""

    type: Literal["pause"] = "pause"
    id: RequestId = None


class Resume(Message):
    """Go on after a pause."""

    type: Literal["resume"] = "resume"
    id: RequestId = None


class Cut(Message):
    """Drop the queue and begin again from noise, under the newest cue."""

    type: Literal["cut"] = "cut"
    id: RequestId = None


Channel = Literal["queue", "stats", "log"]


class Subscribe(Message):
    """Receive the messages of some channels from now on."""

    type: Literal["subscribe"] = "subscribe"
    id: RequestId = None
    channels: list[Channel]


class Unsubscribe(Message):
    """Receive the messages of some channels no more."""

    type: Literal["unsubscribe"] = "unsubscribe"
    id: RequestId = None
    channels: list[Channel]


class Accepted(Message):
    """A request was fulfilled. For a prompt: its cue, and when it is seen."""

    type: Literal["accepted"] = "accepted"
    id: RequestId = None
    cue: int | None = None
    enters_frame: int | None = None
    visible_frame: int | None = None
    eta_s: float | None = None
    understood: list[str] | None = None


class Error(Message):
    """A request can not be fulfilled; the connection stays open."""

    type: Literal["error"] = "error"
    id: RequestId = None
    code: str
    message: str


class OnAir(Message):
    """The first frame of a cue was just sent."""

    type: Literal["on_air"] = "on_air"
    cue: int
    frame: int


class EngineStatus(Message):
    """What the engine is doing; `message` says why, where there is a reason."""

    state: str
    message: str = ""
    progress: Progress | None = None


class CueStatus(Message):
    """A cue of the last time, and when it is or was seen."""

    cue: int
    prompts: list[WeightedPrompt]
    start: int
    transition: int
    status: Literal["waiting", "on_air", "past"]
    enters_frame: int
    visible_frame: int
    eta_s: float | None = None
    on_air_frame: int | None = None
    understood: list[str] | None = None


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
    cues: list[CueStatus]
    on_air: int | None
    viewers: int
    paused: bool
    seed: int
    guidance: float


class Queue(Message):
    """The diagonal, head first."""

    type: Literal["queue"] = "queue"
    tick: int
    slots: list[SlotState]


class Stats(Message):
    """How the stream does, about once a second."""

    type: Literal["stats"] = "stats"
    viewers: int
    generated_fps: float
    delivered_fps: float
    tick_ms: float
    denoiser_ms: float
    decode_ms: float
    encode_ms: float
    frame: int
    buffered: int
    late: int
    dropped: int
    restarts: int
    eta_error_s: float
    worker_rss_mb: float
    device_mb: float


class Log(Message):
    """A line of the server's log."""

    type: Literal["log"] = "log"
    level: str
    message: str


Command = Prompt | Set | Pause | Resume | Cut
ClientMessage = Command | Subscribe | Unsubscribe
ServerMessage = Accepted | Error | OnAir | State | Queue | Stats | Log

CLIENT_MESSAGE: TypeAdapter[ClientMessage] = TypeAdapter(Annotated[ClientMessage, Field(discriminator="type")])
SERVER_MESSAGE: TypeAdapter[ServerMessage] = TypeAdapter(Annotated[ServerMessage, Field(discriminator="type")])


def schema() -> dict[str, Any]:
    """Return the JSON Schema of both directions."""
    return {"client": CLIENT_MESSAGE.json_schema(), "server": SERVER_MESSAGE.json_schema(mode="serialization")}
