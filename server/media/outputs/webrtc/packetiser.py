"""Cuts encoded pictures into RTP payloads, once for all viewers. H264: RFC 6184; VP8: RFC 7741."""

import re
from collections.abc import Callable, Iterator

MAX_PAYLOAD_BYTES = 1200
"""With the headers of RTP, SRTP, UDP and IPv6 this stays below 1280, which every path carries."""

_FU_A = 28
_START, _END = 0x80, 0x40
_START_CODE = re.compile(rb"\x00\x00\x00?\x01")
_MAX_PICTURE_ID = 1 << 15

Packetiser = Callable[[bytes, int], list[bytes]]


def packetise_h264(data: bytes, picture_number: int) -> list[bytes]:
    """Return the payloads of one access unit in Annex B format: single NAL units, or fragments (FU-A) of long ones."""
    return [payload for unit in _nal_units(data) for payload in _fragments(unit)]


def _nal_units(data: bytes) -> list[bytes]:
    return [unit for unit in _START_CODE.split(data) if unit]


def _fragments(unit: bytes) -> Iterator[bytes]:
    if len(unit) <= MAX_PAYLOAD_BYTES:
        yield unit
        return
    indicator, kind = (unit[0] & 0xE0) | _FU_A, unit[0] & 0x1F
    pieces = _even_pieces(unit[1:], MAX_PAYLOAD_BYTES - 2)
    for number, piece in enumerate(pieces):
        flags = (_START if number == 0 else 0) | (_END if number == len(pieces) - 1 else 0)
        yield bytes((indicator, flags | kind)) + piece


def packetise_vp8(data: bytes, picture_number: int) -> list[bytes]:
    """Return the payloads of one VP8 frame; the 15-bit picture ID tells viewers of frames they have not got."""
    picture_id = (0x8000 | picture_number % _MAX_PICTURE_ID).to_bytes(2, "big")
    first, other = bytes((0x90, 0x80)) + picture_id, bytes((0x80, 0x80)) + picture_id
    pieces = _even_pieces(data, MAX_PAYLOAD_BYTES - 4)
    return [(other if number else first) + piece for number, piece in enumerate(pieces)]


def _even_pieces(data: bytes, limit: int) -> list[bytes]:
    """Cut into the fewest pieces, of nearly the same size: a tiny last packet would cost as much as a full one."""
    num_pieces = -(-len(data) // limit)
    size = -(-len(data) // num_pieces)
    return [data[begin : begin + size] for begin in range(0, len(data), size)]
