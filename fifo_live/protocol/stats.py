"""Figures of the running stream."""

from typing import Literal

from fifo_live.protocol.message import Message


class EngineStats(Message):
    """What the engine measures: means since the last report, times in ms, memory in MiB.

    `generated_fps` counts frames that left the engine, per second.
    """

    generated_fps: float
    tick_ms: float
    denoiser_ms: float
    decode_ms: float
    worker_rss_mb: float
    device_mb: float


class Stats(EngineStats):
    """How the stream does, about once a second: the engine's figures and the server's."""

    type: Literal["stats"] = "stats"
    viewers: int
    delivered_fps: float
    encode_ms: float
    frame: int
    buffered: int
    late: int
    dropped: int
    restarts: int
    eta_error_s: float
