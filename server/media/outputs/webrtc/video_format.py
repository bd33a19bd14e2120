"""Chooses the video format of an offer to send (RFC 6184, RFC 7741, RFC 4588)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from server.media.codec import Codec
from server.media.outputs.webrtc.sdp import OfferError, Section

PAYLOAD_TYPES = frozenset((*range(35, 64), *range(96, 128)))
"""Those that a session may give a meaning to; between them lie those of RTCP (RFC 5761)."""

_RTPMAP = re.compile(r"([0-9]{1,3})\s+([A-Za-z0-9.+_-]{1,40})/90000")
_NUMBERED = re.compile(r"([0-9]{1,3}|\*)\s+(.+)")
_PROFILE = re.compile(r"[0-9a-fA-F]{6}")
_FEEDBACK = ("nack", "nack pli", "goog-remb")
_CONSTRAINED_BASELINE, _BASELINE = "42e01f", "42001f"


class UnsupportedOfferError(OfferError):
    """An offer is understood, but wants what there is not."""

    code = "unsupported_offer"


@dataclass
class OfferedFormat:
    """A payload type and what it stands for."""

    payload_type: int
    name: str
    parameters: dict[str, str] = field(default_factory=dict)
    feedback: set[str] = field(default_factory=set)
    rtx: int | None = None

    @property
    def profile(self) -> str | None:
        """The H264 profile as we write it; None for one that our stream does not have."""
        text = self.parameters.get("profile-level-id", _CONSTRAINED_BASELINE)
        if not _PROFILE.fullmatch(text):
            return None
        idc, constraints = int(text[:2], 16), int(text[2:4], 16)
        if constraints & 0x0F:
            return None
        constrained = {0x42: 0x40, 0x4D: 0x80, 0x58: 0xC0}.get(idc)
        if constrained is not None and constraints & constrained == constrained:
            return _CONSTRAINED_BASELINE
        # Baseline, and Extended that keeps to it.
        return _BASELINE if idc == 0x42 or (idc == 0x58 and constraints & 0x80) else None

    def lines(self) -> Iterator[str]:
        """Yield the attributes that describe it, in the plainest form."""
        number = self.payload_type
        yield f"a=rtpmap:{number} {self.name}/90000"
        yield from (f"a=rtcp-fb:{number} {name}" for name in _FEEDBACK if name in self.feedback)
        if self.name == Codec.H264:
            yield f"a=fmtp:{number} level-asymmetry-allowed=1;packetization-mode=1;profile-level-id={self.profile}"
        if self.rtx is not None:
            yield f"a=rtpmap:{self.rtx} rtx/90000"
            yield f"a=fmtp:{self.rtx} apt={number}"


def choose_format(section: Section, codecs: Sequence[Codec]) -> tuple[Codec, OfferedFormat]:
    """Return the first of `codecs` that the section takes in a form that we send.

    Raises: UnsupportedOfferError.
    """
    formats = list(_read_formats(section))
    for codec in codecs:
        usable = [known for known in formats if known.name == codec and _is_sent(known)]
        if usable:
            return codec, min(usable, key=lambda known: known.profile != _CONSTRAINED_BASELINE)
    if any(known.name == Codec.H264 for known in formats):
        raise UnsupportedOfferError(
            "The offer's H264 needs packetization-mode=1 and the profile Constrained Baseline (profile-level-id=42e01f)"
            " or Baseline; VP8 is possible too."
        )
    raise UnsupportedOfferError(f"The offer has none of the codecs {', '.join(Codec)}.")


def _is_sent(known: OfferedFormat) -> bool:
    if known.name != Codec.H264:
        return True
    return known.parameters.get("packetization-mode", "0") == "1" and known.profile is not None


def _read_formats(section: Section) -> Iterator[OfferedFormat]:
    """Yield the formats, in the order of the m= line."""
    known: dict[int, OfferedFormat] = {}
    for value in section.values("rtpmap"):
        match = _RTPMAP.fullmatch(value)
        if match is not None and int(match[1]) in PAYLOAD_TYPES:
            known.setdefault(int(match[1]), OfferedFormat(int(match[1]), match[2].upper()))
    for numbers, value in _numbered(section, "fmtp", known):
        for number in numbers:
            known[number].parameters.update(_read_parameters(value))
    for numbers, value in _numbered(section, "rtcp-fb", known):
        for number in numbers:
            known[number].feedback.add(" ".join(value.lower().split()))
    _note_retransmissions(known)
    order = dict.fromkeys(int(number) for number in section.formats if number.isascii() and number.isdigit())
    yield from (known[number] for number in order if number in known)


def _numbered(section: Section, name: str, known: dict[int, OfferedFormat]) -> Iterator[tuple[list[int], str]]:
    for value in section.values(name):
        match = _NUMBERED.fullmatch(value)
        if match is not None and match[1] == "*":
            yield list(known), match[2]
        elif match is not None and int(match[1]) in known:
            yield [int(match[1])], match[2]


def _read_parameters(value: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in value.split(";"))
    return {name.strip().lower(): text.strip() for name, _, text in pairs}


def _note_retransmissions(known: dict[int, OfferedFormat]) -> None:
    for number, candidate in known.items():
        base = candidate.parameters.get("apt", "")
        if candidate.name == "RTX" and base.isascii() and base.isdigit() and int(base) in known:
            known[int(base)].rtx = number
