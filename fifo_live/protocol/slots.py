"""The diagonal queue as clients see it."""

from typing import Literal

from fifo_live.protocol.message import Message


class Slot(Message):
    """One slot of the queue: its noise level (0 clean, 1 pure noise), its cue and how many ticks it has lived."""

    latent: int
    level: float
    cue: int
    age: int


class Queue(Message):
    """The whole diagonal, head first; sent a few times a second."""

    type: Literal["queue"] = "queue"
    tick: int
    slots: list[Slot]
