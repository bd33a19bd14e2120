"""A viewer's offer: checked, and cut down to the one video section that is answered with our stream.

What goes on to aiortc is made anew from the parts that were understood. Of the other sections those that share our
transport are answered as inactive, all others are refused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from server.media.codec import Codec
from server.media.outputs.webrtc.sdp import (
    TOKEN,
    Attribute,
    OfferError,
    Section,
    read_description,
    read_fragment,
    write_description,
)
from server.media.outputs.webrtc.video_format import OfferedFormat, UnsupportedOfferError, choose_format

MAX_MID_CHARS = 32
INTERNAL_MID = "0"
"""The name of the section between us and aiortc, where the offer gives it none."""

_DIRECTIONS = ("sendrecv", "recvonly", "sendonly", "inactive")
_RTP = re.compile(r"((UDP|TCP)/(TLS|DTLS)/)?RTP/S?AVPF?")
_HASHES = {"sha-256": 32, "sha-384": 48, "sha-512": 64}
_HEX = re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2})*")
_EXTENSION = re.compile(r"([0-9]{1,3})(?:/(sendrecv|recvonly))? (\S+)(?: .*)?")
_MID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:mid"
_EXTENSIONS = (
    _MID_EXTENSION,
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
)
_COPIED = ("ice-ufrag", "ice-pwd", "candidate", "end-of-candidates", "fingerprint", "setup")


@dataclass(frozen=True)
class Credentials:
    """What the connectivity checks of one ICE session are signed with (RFC 8839)."""

    username: str
    password: str


@dataclass(frozen=True)
class Offer:
    """What an offer wants, as far as we can give it."""

    sections: list[Section]
    video: int
    mids: list[str]
    bundle: list[str]
    codec: Codec
    credentials: Credentials
    candidates: list[str]
    _session: list[Attribute]
    _format: OfferedFormat

    @classmethod
    def read(cls, text: str, codecs: Sequence[Codec]) -> "Offer":
        """Return an offer of which the first of `codecs` that it takes will be sent.

        Raises: OfferError, UnsupportedOfferError.
        """
        session, sections = read_description(text)
        video = _choose_section(session, sections)
        section = sections[video]
        codec, chosen = choose_format(section, codecs)
        mids = _read_mids(sections)
        _check_transport(session, section)
        return cls(
            sections,
            video,
            mids,
            _read_bundle(session, sections, mids, video),
            codec,
            read_credentials([*section.attributes, *session]),
            section.values("candidate"),
            session,
            chosen,
        )

    def video_only(self) -> str:
        """Return the video section as an offer of its own, without candidates."""
        known = self._format
        numbers = f"{known.payload_type}" + ("" if known.rtx is None else f" {known.rtx}")
        mid = self.mids[self.video]
        group = [f"a=group:BUNDLE {mid or INTERNAL_MID}"]
        lite = ["a=ice-lite"] if any(name == "ice-lite" for name, _ in self._session) else []
        return write_description(
            [
                *("v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=-", "t=0 0"),
                *group,
                *lite,
                f"m=video 9 UDP/TLS/RTP/SAVPF {numbers}",
                "c=IN IP4 0.0.0.0",
                f"a=mid:{mid or INTERNAL_MID}",
                *("a=recvonly", "a=rtcp-mux"),
                f"a=ice-ufrag:{self.credentials.username}",
                f"a=ice-pwd:{self.credentials.password}",
                *(f"a=fingerprint:{value}" for value in _fingerprints(self._session, self.sections[self.video])),
                f"a=setup:{_setup(self._session, self.sections[self.video])}",
                *self._extensions(),
                *known.lines(),
            ]
        )

    def whole_answer(self, answer: str) -> str:
        """Return the answer to all sections, made from the answer to the one of `video_only`."""
        lines = answer.splitlines()
        begin = next(number for number, line in enumerate(lines) if line.startswith("m="))
        session = [line for line in lines[:begin] if not line.startswith("a=group:")]
        if self.bundle:
            session.append(f"a=group:BUNDLE {' '.join(self.bundle)}")
        transport = [line for line in lines[begin:] if line[2:].partition(":")[0] in _COPIED]
        for number, section in enumerate(self.sections):
            if number == self.video:
                session += self._video_answer(lines[begin:])
            else:
                session += _other_answer(section, self.mids[number], self.mids[number] in self.bundle, transport)
        return write_description(session)

    def _video_answer(self, lines: list[str]) -> list[str]:
        section = self.sections[self.video]
        head = lines[0].replace("UDP/TLS/RTP/SAVPF", section.protocol)
        return [head, *(line for line in lines[1:] if self.mids[self.video] or not line.startswith("a=mid:"))]

    def _extensions(self) -> list[str]:
        numbers: dict[str, str] = {}
        values = [value for name, value in self._session if name == "extmap"]
        for value in [*values, *self.sections[self.video].values("extmap")]:
            match = _EXTENSION.fullmatch(value)
            if match is None or match[3] not in _EXTENSIONS or not 1 <= int(match[1]) <= 14:
                continue
            if match[3] != _MID_EXTENSION or self.mids[self.video]:
                numbers.setdefault(match[1], match[3])
        return [f"a=extmap:{number} {uri}" for number, uri in numbers.items()]


def read_credentials(attributes: Sequence[Attribute]) -> Credentials:
    """Return the first ICE name and password among attributes.

    Raises: OfferError.
    """
    found = dict(reversed([pair for pair in attributes if pair[0] in ("ice-ufrag", "ice-pwd")]))
    username, password = found.get("ice-ufrag", ""), found.get("ice-pwd", "")
    if not re.fullmatch(r"[A-Za-z0-9+/]{4,256}", username) or not re.fullmatch(r"[A-Za-z0-9+/]{22,256}", password):
        raise OfferError("The offer has no valid ICE name and password (a=ice-ufrag, a=ice-pwd).")
    return Credentials(username, password)


def is_restart(fragment: str, credentials: Credentials) -> bool:
    """Return whether an SDP fragment comes with an ICE name or password of another session than this one."""
    expected = {"ice-ufrag": credentials.username, "ice-pwd": credentials.password}
    return any(value != expected.get(name, value) for name, value in read_fragment(fragment))


def _choose_section(session: list[Attribute], sections: list[Section]) -> int:
    """Return the number of the first section that wants to receive video."""
    videos = [number for number, section in enumerate(sections) if section.kind == "video" and _is_open(section)]
    if not videos:
        raise UnsupportedOfferError("The offer has no video section.")
    for number in videos:
        if _direction(session, sections[number]) in ("recvonly", "sendrecv"):
            return number
    raise UnsupportedOfferError("The offer does not ask to receive video.")


def _is_open(section: Section) -> bool:
    return bool(_RTP.fullmatch(section.protocol)) and (section.port != 0 or bool(section.values("bundle-only")))


def _direction(session: list[Attribute], section: Section) -> str:
    found = [name for name, _ in [*section.attributes, *session] if name in _DIRECTIONS]
    return found[0] if found else "sendrecv"


def _read_mids(sections: list[Section]) -> list[str]:
    mids = [(section.values("mid") or [""])[0] for section in sections]
    named = [mid for mid in mids if mid]
    if any(len(mid) > MAX_MID_CHARS or not re.fullmatch(TOKEN, mid) for mid in named):
        raise OfferError(f"A section's name (a=mid) is not a token of at most {MAX_MID_CHARS} characters.")
    if len(set(named)) < len(named):
        raise OfferError("Two sections of the offer have the same name (a=mid).")
    return mids


def _read_bundle(session: list[Attribute], sections: list[Section], mids: list[str], video: int) -> list[str]:
    """Return the names of the sections that share a transport with the video; none if it stands alone."""
    kept = {mid for mid, section in zip(mids, sections, strict=True) if mid and _is_open(section) and _maps(section)}
    for name, value in session:
        words = value.split()
        if name == "group" and words[:1] == ["BUNDLE"] and mids[video] and mids[video] in words[1:]:
            return [mid for mid in dict.fromkeys(words[1:]) if mid in kept]
    return []


def _check_transport(session: list[Attribute], section: Section) -> None:
    if not section.values("rtcp-mux"):
        raise UnsupportedOfferError("The offer's video lacks rtcp-mux, which is needed.")
    if not _fingerprints(session, section):
        hashes = ", ".join(_HASHES)
        raise OfferError(f"The offer has no valid fingerprint of a certificate (a=fingerprint, with {hashes}).")
    if _setup(session, section) not in ("actpass", "active", "passive"):
        raise OfferError("The offer does not say who begins with DTLS (a=setup:actpass).")


def _fingerprints(session: list[Attribute], section: Section) -> list[str]:
    values = section.values("fingerprint") or [value for name, value in session if name == "fingerprint"]
    found = []
    for value in values:
        name, _, digest = value.partition(" ")
        if _HEX.fullmatch(digest) and len(digest) == 3 * _HASHES.get(name.lower(), 0) - 1:
            found.append(f"{name.lower()} {digest.upper()}")
    return found


def _setup(session: list[Attribute], section: Section) -> str:
    values = section.values("setup") or [value for name, value in session if name == "setup"]
    return values[0] if values else ""


def _other_answer(section: Section, mid: str, is_bundled: bool, transport: list[str]) -> list[str]:
    """Return the answer to a section that gets nothing: inactive beside the video, or refused."""
    port = 9 if is_bundled else 0
    head = [f"m={section.kind} {port} {section.protocol} {section.formats[0]}", "c=IN IP4 0.0.0.0", "a=inactive"]
    named = [f"a=mid:{mid}"] if mid else []
    shared = ["a=rtcp-mux", f"a=rtpmap:{_maps(section)[0]}", *transport] if is_bundled else []
    return [*head, *named, *shared]


def _maps(section: Section) -> list[str]:
    """Return what the first format of a section stands for."""
    pattern = rf"{re.escape(section.formats[0])} {TOKEN}/[0-9]{{1,9}}(/[0-9]{{1,3}})?"
    return [value for value in section.values("rtpmap") if re.fullmatch(pattern, value)]
