"""Splits session descriptions (RFC 8866) into sections and attributes, without interpreting them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from fifo_live.errors import FifoLiveError

MAX_SECTIONS = 8
MAX_LINES = 2000
MAX_LINE_CHARS = 2000
TOKEN = r"[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]+"
_MEDIA = re.compile(rf"({TOKEN}) ([0-9]{{1,5}})(?:/[0-9]{{1,5}})? ({TOKEN}(?:/{TOKEN})*)((?: {TOKEN})+)")

Attribute = tuple[str, str]


class OfferError(FifoLiveError):
    """An offer is no session description, or none that can be understood; the text is for those who sent it."""

    code = "bad_offer"


@dataclass(frozen=True)
class Section:
    """One m= line and the attributes below it."""

    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]
    attributes: list[Attribute] = field(default_factory=list)

    def values(self, name: str) -> list[str]:
        """Return the values of all attributes of that name."""
        return [value for known, value in self.attributes if known == name]


def read_description(text: str) -> tuple[list[Attribute], list[Section]]:
    """Return the attributes of the session, and its media sections.

    Raises: OfferError.
    """
    lines = text.strip().replace("\r\n", "\n").split("\n")
    if len(lines) > MAX_LINES:
        raise OfferError(f"The offer has more than {MAX_LINES} lines.")
    if lines[0].rstrip() != "v=0":
        raise OfferError("The offer is not SDP: it does not begin with v=0.")
    session: list[Attribute] = []
    sections: list[Section] = []
    for number, line in enumerate(lines, 1):
        kind, value = _read_line(line, number)
        if kind == "m":
            sections.append(_read_section(value, number))
            if len(sections) > MAX_SECTIONS:
                raise OfferError(f"The offer has more than {MAX_SECTIONS} media sections.")
        elif kind == "a":
            (sections[-1].attributes if sections else session).append(read_attribute(value))
    return session, sections


def _read_line(line: str, number: int) -> tuple[str, str]:
    line = line.rstrip()
    if len(line) > MAX_LINE_CHARS:
        raise OfferError(f"Line {number} of the offer has more than {MAX_LINE_CHARS} characters.")
    if line[1:2] != "=":
        raise OfferError(f"Line {number} of the offer is not of the form x=value.")
    return line[0], line[2:]


def _read_section(value: str, number: int) -> Section:
    match = _MEDIA.fullmatch(value)
    if match is None:
        raise OfferError(f"Line {number} of the offer is not a valid m= line.")
    kind, port, protocol, formats = match.groups()
    return Section(kind, int(port), protocol, tuple(formats.split()))


def read_attribute(value: str) -> Attribute:
    """Return the name and the value of what stands behind a=."""
    name, _, rest = value.partition(":")
    return name.strip(), rest.strip()


def read_fragment(text: str) -> list[Attribute]:
    """Return the attributes of an SDP fragment (RFC 8840), of the session and of its sections alike."""
    lines = text.replace("\r\n", "\n").split("\n")
    return [read_attribute(line[2:]) for line in lines if line.startswith("a=")]


def write_description(lines: Iterable[str]) -> str:
    """Return lines as a description."""
    return "".join(f"{line}\r\n" for line in lines)
