"""Messages between server and workers: one JSON object per line, told apart by `type`.

Indices count from the start of the stream and never restart: `latent` counts latents, `frame` counts pixel frames.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from fifo_live.protocol.cues import WeightedPrompt
from fifo_live.protocol.message import Message
from fifo_live.protocol.model import ModelInfo
from fifo_live.protocol.slots import Queue
from fifo_live.protocol.state import Progress


class CueRecord(Message):
    """A cue as the server keeps it, so that a restarted worker gets the timeline it had."""

    cue: int
    start: int
    transition: int
    prompts: list[WeightedPrompt]


# Server to worker


class Start(Message):
    """The first message to a worker: where the stream goes on, and what was set; a guidance of None is the plan's."""

    type: Literal["start"] = "start"
    seed: int
    guidance: float | None = None
    first_latent: int = 0
    first_frame: int = 0
    num_cuts: int = 0
    cues: list[CueRecord] = []
    next_cue: int = 1
    paused: bool = False


class Attach(Message):
    """Where the worker puts its frames: a ring that the server has made, and the first credit for all its slots."""

    type: Literal["attach"] = "attach"
    ring: str
    slots: int


class Steer(Message):
    """A new prompt for what is born from now on; `urgency` < 1 also re-prompts slots that are still noisy."""

    type: Literal["steer"] = "steer"
    request: int
    prompts: list[WeightedPrompt]
    transition: int = 0
    urgency: float = 1.0


class Adjust(Message):
    """New values for knobs that may change while the stream runs; None leaves one as it is."""

    type: Literal["adjust"] = "adjust"
    request: int
    guidance: float | None = None
    seed: int | None = None


class Pause(Message):
    """Stop making new latents."""

    type: Literal["pause"] = "pause"
    request: int


class Resume(Message):
    """Go on after a pause."""

    type: Literal["resume"] = "resume"
    request: int


class Cut(Message):
    """Drop the queue and begin again from noise, under the newest cue."""

    type: Literal["cut"] = "cut"
    request: int


class Credit(Message):
    """The server has taken so many frames from the ring; the worker may fill their places."""

    type: Literal["credit"] = "credit"
    frames: int


class Stop(Message):
    """End the worker."""

    type: Literal["stop"] = "stop"


# Worker to server


class Hello(Message):
    """The first message of a worker (rank 0): who is there. `token` proves that our launcher started it."""

    type: Literal["hello"] = "hello"
    token: str
    rank: int = 0


class Ready(Message):
    """The model is loaded; the worker waits for an Attach before it begins."""

    type: Literal["ready"] = "ready"
    info: ModelInfo


class FrameReady(Message):
    """The doorbell: a frame lies in the ring."""

    type: Literal["frame"] = "frame"
    slot: int
    frame: int
    latent: int
    cue: int


class Accepted(Message):
    """A request has taken effect. For a Steer: where it enters and the first frame it can be seen in."""

    type: Literal["accepted"] = "accepted"
    request: int
    cue: CueRecord | None = None
    enters_frame: int | None = None
    visible_frame: int | None = None
    understood: list[str] | None = None


class Rejected(Message):
    """A request cannot be fulfilled; the stream goes on as it was."""

    type: Literal["rejected"] = "rejected"
    request: int
    code: str
    message: str


class EngineStats(Message):
    """Running means since the last message, and memory; sent once a second."""

    type: Literal["stats"] = "stats"
    tick: int
    frames: int
    tick_ms: float
    denoiser_ms: float
    decode_ms: float
    generated_fps: float
    rss_mb: float
    device_mb: float


class Failed(Message):
    """The worker cannot go on; its process ends after this. `fatal` means that a restart would not help."""

    type: Literal["failed"] = "failed"
    code: str
    message: str
    fatal: bool = False


Command = Start | Attach | Steer | Adjust | Pause | Resume | Cut | Credit | Stop
Request = Steer | Adjust | Pause | Resume | Cut
Event = Hello | Progress | Ready | FrameReady | Accepted | Rejected | Queue | EngineStats | Failed

COMMAND: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="type")])
EVENT: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="type")])
