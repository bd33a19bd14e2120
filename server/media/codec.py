"""The video codecs that are sent, and how their encoders are set up for a live stream."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace

from fifo_live.link.ring import Picture
from server.media.frame import VIDEO_CLOCK_RATE
from server.media.outputs.webrtc.packetiser import Packetiser, packetise_h264, packetise_vp8

_BT601 = 6
"""SMPTE 170M, the number of BT.601 for matrix, primaries and transfer in ITU-T H.273."""

_LEVEL_3_1_BLOCKS = 3600
_LEVEL_3_1_BLOCKS_PER_S = 108_000


class Codec(StrEnum):
    """What viewers may ask for."""

    H264 = "H264"
    VP8 = "VP8"


@dataclass(frozen=True)
class VideoFormat:
    """What an encoder is opened for; another format needs another one."""

    width: int
    height: int
    fps: float
    bitrate_kbps: int
    keyframe_interval_s: float


def _h264_options(video: VideoFormat) -> dict[str, str]:
    # One slice: more (one per thread is what zerolatency makes) are decoded wrongly by some players.
    options = {"preset": "veryfast", "tune": "zerolatency", "profile": "baseline", "threads": "1"}
    blocks = -(-video.width // 16) * -(-video.height // 16)
    if blocks <= _LEVEL_3_1_BLOCKS and blocks * video.fps <= _LEVEL_3_1_BLOCKS_PER_S:
        options["level"] = "3.1"
    return options


def _vp8_options(video: VideoFormat) -> dict[str, str]:
    return {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "error-resilient": "default", "threads": "1"}


@dataclass(frozen=True)
class _Recipe:
    library: str
    options: Callable[[VideoFormat], dict[str, str]]
    packetise: Packetiser


_RECIPES = {
    Codec.H264: _Recipe("libx264", _h264_options, packetise_h264),
    Codec.VP8: _Recipe("libvpx", _vp8_options, packetise_vp8),
}


class CodecSession:
    """One open encoder: RGB pictures in, RTP payloads out. Blocking, for a thread of its own."""

    def __init__(self, codec: Codec, video: VideoFormat) -> None:
        self.video = video
        self._recipe = _RECIPES[codec]
        self._context = _open(self._recipe, video)
        self._num_pictures = 0

    def encode(self, picture: Picture, pts: int, *, keyframe: bool) -> tuple[list[bytes], bool]:
        """Return the payloads of a picture, and whether it can be decoded without those before it."""
        rgb = av.VideoFrame.from_ndarray(picture[: self.video.height, : self.video.width], format="rgb24")
        frame = rgb.reformat(
            format="yuv420p",
            src_colorspace=Colorspace.ITU601,
            dst_colorspace=Colorspace.ITU601,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
        )
        frame.pts = pts
        frame.time_base = Fraction(1, VIDEO_CLOCK_RATE)
        frame.pict_type = PictureType.I if keyframe else PictureType.NONE
        packets = self._context.encode(frame)
        self._num_pictures += 1
        data = b"".join(map(bytes, packets))
        payloads = self._recipe.packetise(data, self._num_pictures) if data else []
        return payloads, any(packet.is_keyframe for packet in packets)


def _open(recipe: _Recipe, video: VideoFormat) -> VideoCodecContext:
    context = av.CodecContext.create(recipe.library, "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height, context.pix_fmt = video.width, video.height, "yuv420p"
    context.framerate = Fraction(video.fps).limit_denominator(1001)
    context.time_base = Fraction(1, VIDEO_CLOCK_RATE)
    context.gop_size = max(1, round(video.keyframe_interval_s * video.fps))
    context.max_b_frames = 0
    context.colorspace = context.color_primaries = context.color_trc = _BT601
    context.color_range = ColorRange.MPEG
    bitrate = video.bitrate_kbps * 1000
    context.bit_rate = bitrate
    # A buffer of half a second: a scene that bursts is made coarser instead of later.
    context.options = {**recipe.options(video), "maxrate": str(bitrate), "bufsize": str(bitrate // 2)}
    context.open()
    return context
