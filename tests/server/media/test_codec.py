"""Tests of the encoders' set-up, by what a decoder makes of it."""

import av
import numpy as np
import pytest
from aiortc.codecs import depayload
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import ColorRange, Colorspace

from fifo_live.link.ring import Picture
from server.media.codec import Codec, CodecSession, VideoFormat
from tests import barcode
from tests.server.media.frames import make_picture

BT601 = 6
DECODERS = {Codec.H264: "h264", Codec.VP8: "vp8"}


def encode(codec: Codec, pictures: list[Picture], keyframes: set[int], **options: float) -> list[tuple[bytes, bool]]:
    """Return the bit stream of each picture, and whether it is a keyframe."""
    height, width, _ = pictures[0].shape
    values = {"fps": 25.0, "bitrate_kbps": 1000, "keyframe_interval_s": 10.0, **options}
    video = VideoFormat(width & ~1, height & ~1, **values)  # type: ignore[arg-type]
    session = CodecSession(codec, video)
    parameters = RTCRtpCodecParameters(mimeType=f"video/{codec}", clockRate=90000, payloadType=97)
    stream = []
    for number, picture in enumerate(pictures):
        payloads, is_keyframe = session.encode(picture, number * 3600, keyframe=number in keyframes)
        stream.append((b"".join(depayload(parameters, payload) for payload in payloads), is_keyframe))
    return stream


def decode(codec: Codec, stream: list[tuple[bytes, bool]]) -> list[av.VideoFrame]:
    """Return what a decoder makes of a stream, frame by frame without delay."""
    decoder = av.CodecContext.create(DECODERS[codec], "r")
    assert isinstance(decoder, VideoCodecContext)
    frames: list[av.VideoFrame] = []
    for data, _ in stream:
        (frame,) = decoder.decode(av.Packet(data))
        assert isinstance(frame, av.VideoFrame)
        frames.append(frame)
    return frames


@pytest.mark.parametrize("codec", Codec)
def test_pictures_survive_and_keyframes_come_when_asked(codec: Codec) -> None:
    """Every picture is out at once, its bar code readable; the first and the asked one are keyframes."""
    pictures = [make_picture(100, 256, 160) for _ in range(12)]
    for number, picture in enumerate(pictures):
        barcode.draw(picture, number, 3)
    stream = encode(codec, pictures, {7})
    assert [number for number, (_, is_keyframe) in enumerate(stream) if is_keyframe] == [0, 7]
    for part in (stream, stream[7:]):
        seen = [barcode.read(frame.to_ndarray(format="rgb24").astype(np.uint8)) for frame in decode(codec, part)]
        assert seen == [(number, 3) for number in range(12)][-len(part) :]


@pytest.mark.parametrize("codec", Codec)
def test_keyframes_come_by_themselves_after_their_interval(codec: Codec) -> None:
    """The longest time without a keyframe is the configured one."""
    stream = encode(codec, [make_picture(50)] * 30, set(), keyframe_interval_s=0.4)
    assert [number for number, (_, is_keyframe) in enumerate(stream) if is_keyframe] == [0, 10, 20]


def test_h264_is_what_the_answer_says() -> None:
    """Constrained baseline, level 3.1, colours named as limited-range BT.601."""
    stream = encode(Codec.H264, [make_picture(10)], set())
    begin = stream[0][0].index(b"\x00\x00\x00\x01\x67") + 5
    profile, constraints, level = stream[0][0][begin : begin + 3]
    assert (profile, level) == (0x42, 31) and constraints & 0xC0 == 0xC0
    (frame,) = decode(Codec.H264, stream)
    assert (int(frame.color_range), int(frame.colorspace)) == (int(ColorRange.MPEG), BT601)


@pytest.mark.parametrize("codec", Codec)
@pytest.mark.parametrize("colour", [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)])
def test_colours_are_kept(codec: Codec, colour: tuple[int, int, int]) -> None:
    """A decoder that knows BT.601 limited range gives back the colour."""
    picture = np.empty((64, 64, 3), np.uint8)
    picture[:] = colour
    (frame,) = decode(codec, encode(codec, [picture], set()))
    frame = frame.reformat(format="rgb24", src_colorspace=Colorspace.ITU601, src_color_range=ColorRange.MPEG)
    assert np.abs(frame.to_ndarray()[32, 32].astype(int) - colour).max() <= 6


@pytest.mark.parametrize("codec", Codec)
def test_noise_does_not_break_the_bitrate(codec: Codec) -> None:
    """The hardest picture, again and again, stays near the configured rate."""
    random = np.random.default_rng(0)
    pictures = [random.integers(0, 256, (160, 256, 3)).astype(np.uint8) for _ in range(75)]
    stream = encode(codec, pictures, set(), bitrate_kbps=500)
    kbps = sum(len(data) for data, _ in stream[25:]) * 8 / 1000 / 2
    assert kbps < 750


def test_large_pictures_are_not_held_to_level_3_1() -> None:
    """A picture too large for that level is encoded all the same."""
    (frame,) = decode(Codec.H264, encode(Codec.H264, [make_picture(10, 1920, 1088)], set()))
    assert (frame.width, frame.height) == (1920, 1088)
