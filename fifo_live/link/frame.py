"""One decoded picture of the stream."""

from dataclasses import dataclass

from fifo_live.link.ring import Picture


@dataclass(frozen=True, eq=False)
class Frame:
    """A picture, uint8 (height, width, 3), RGB, with its place in the stream and the cue it was born under."""

    index: int
    latent: int
    cue: int
    picture: Picture
