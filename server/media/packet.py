"""An encoded picture, ready for RTP."""

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Packet:
    """The payloads of one picture, shared by all viewers; `pts` in units of 1/VIDEO_CLOCK_RATE s."""

    payloads: list[bytes]
    pts: int
    is_keyframe: bool
