"""Tests of the payloads, read back by aiortc's depayloaders."""

import pytest
from aiortc.codecs.h264 import h264_depayload
from aiortc.codecs.vpx import VpxPayloadDescriptor, vp8_depayload

from server.media.outputs.webrtc.packetiser import MAX_PAYLOAD_BYTES, packetise_h264, packetise_vp8

SIZES = [1, 2, 1199, 1200, 1201, 1202, 2398, 2399, 5000, 100_000]


@pytest.mark.parametrize("size", SIZES)
def test_an_h264_picture_comes_back_as_it_was(size: int) -> None:
    """Parameter sets and slices of any size survive, in payloads that fit."""
    units = [b"\x67" + b"s" * 10, b"\x68" + b"p" * 4, b"\x65" + b"d" * size]
    data = b"\x00\x00\x00\x01" + units[0] + b"\x00\x00\x00\x01" + units[1] + b"\x00\x00\x01" + units[2]
    payloads = packetise_h264(data, 0)
    assert max(map(len, payloads)) <= MAX_PAYLOAD_BYTES
    assert b"".join(map(h264_depayload, payloads)) == b"".join(b"\x00\x00\x00\x01" + unit for unit in units)


@pytest.mark.parametrize("size", SIZES)
def test_a_vp8_picture_comes_back_as_it_was(size: int) -> None:
    """The pieces add up, the first is marked, and all bear the picture's number."""
    data = bytes(index % 251 for index in range(size))
    payloads = packetise_vp8(data, 40_000)
    assert max(map(len, payloads)) <= MAX_PAYLOAD_BYTES
    assert b"".join(map(vp8_depayload, payloads)) == data
    descriptors = [VpxPayloadDescriptor.parse(payload)[0] for payload in payloads]
    assert [descriptor.partition_start for descriptor in descriptors] == [1] + [0] * (len(payloads) - 1)
    assert {descriptor.picture_id for descriptor in descriptors} == {40_000 - 32_768}


def test_pieces_are_of_nearly_the_same_size() -> None:
    """There is no tiny last packet."""
    sizes = [len(payload) for payload in packetise_vp8(b"x" * 1300, 0)]
    assert len(sizes) == 2 and max(sizes) - min(sizes) <= 1
