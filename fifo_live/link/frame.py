"""One decoded picture of the stream."""

from dataclasses import dataclass

from fifo_live.link.ring import Picture


@dataclass(frozen=True, eq=False)
class Frame:
    """A picture, uint8 (height, width, 3), RGB, with its place in the stream and the cue it was born under.

    Times are seconds on the machine's monotonic clock.
    """

    index: int
    latent: int
    cue: int
    picture: Picture
    born_s: float = 0.0
    denoised_s: float = 0.0
    decoded_s: float = 0.0
