"""The notation that tables of wordings are written in: `name: wording | wording`, a row for each name."""

from __future__ import annotations


def parse_row(text: str) -> tuple[str, ...]:
    """The wordings between the bars; spaces and line ends do not matter."""
    return tuple(" ".join(part.split()) for part in text.split("|"))


def parse_table(text: str) -> dict[str, tuple[str, ...]]:
    """Read lines of `name: wording | wording`; an indented line goes on with the one before."""
    lines = text.strip().replace("\n    ", " ").split("\n")
    return {line.split(":", 1)[0]: parse_row(line.split(":", 1)[1]) for line in lines}
