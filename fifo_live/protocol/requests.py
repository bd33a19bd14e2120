"""Requests of a client."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from fifo_live.protocol.cues import MAX_TRANSITION, Blend
from fifo_live.protocol.message import Message, RequestId


class Prompt(Message):
    """Show something else: one `text`, or a blend of `prompts` with weights.

    `transition` is how many latents the change takes; `urgency` below 1 also changes what is in the queue and still
    so noisy.
    """

    type: Literal["prompt"] = "prompt"
    id: RequestId = None
    text: str | None = None
    prompts: Blend | None = None
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


Command = Prompt | Set | Pause | Resume | Cut
"""What the engine carries out; the rest concerns the connection."""

ClientMessage = Command | Subscribe | Unsubscribe

CLIENT_MESSAGE: TypeAdapter[ClientMessage] = TypeAdapter(Annotated[ClientMessage, Field(discriminator="type")])
