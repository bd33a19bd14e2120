"""Cues: prompts with their place in the stream. The optional fields of a `Cue` fill up on its way."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from fifo_live.protocol.message import Message

MAX_BLEND = 8
"""The most prompts that a blend may have."""

MAX_TRANSITION = 512
"""The most latents that a transition may take."""

CueStatus = Literal["waiting", "on_air", "past"]


class WeightedPrompt(Message):
    """One text of a blend."""

    text: str
    weight: float = Field(default=1.0, gt=0.0, le=100.0)


Blend = Annotated[list[WeightedPrompt], Field(min_length=1, max_length=MAX_BLEND)]


class Cue(Message):
    """A prompt, or a blend of them, from one latent on.

    The engine gives it `cue` (its number), `start` (the first latent under it), `transition` (latents that the change
    takes), and the frames at which it enters and is first visible. The server adds `status`, the seconds until it is
    visible, and the frame in which it was first shown. `understood` are the words the model knows; None if it cannot
    tell.
    """

    # What clients are sent always has these, though the engine's own cues do not have them yet.
    model_config = ConfigDict(
        json_schema_extra={
            "required": ["cue", "prompts", "start", "transition", "status", "enters_frame", "visible_frame"]
        }
    )

    cue: int
    prompts: list[WeightedPrompt]
    start: int
    transition: int
    status: CueStatus = "waiting"
    enters_frame: int = 0
    visible_frame: int = 0
    eta_s: float | None = None
    on_air_frame: int | None = None
    understood: list[str] | None = None
