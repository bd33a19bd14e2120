"""Reads a TOML file: allows a byte order mark, and reports mistakes with their line."""

import re
import tomllib
from pathlib import Path
from typing import Any

from fifo_live.errors import ConfigError

_SECTION = re.compile(r"\s*\[\s*([\w-]+)\s*\]")


def read_text(path: Path) -> str:
    """Return the text of a configuration file.

    Raises: ConfigError for a file that cannot be read or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(f"No such configuration file: {str(path)!r}.") from error
    except IsADirectoryError as error:
        raise ConfigError(f"The configuration {str(path)!r} is a folder; name a file.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"The configuration file {str(path)!r} is not UTF-8 text; save it as UTF-8.") from error
    except OSError as error:
        raise ConfigError(f"The configuration file {str(path)!r} cannot be read: {error.strerror}.") from error


def parse(text: str, path: Path) -> dict[str, Any]:
    """Return what a TOML text holds.

    Raises: ConfigError if it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from error


def line_of(text: str, key: str) -> int | None:
    """Return the number of the line that sets `section.key` or opens `section`, or None if it is written otherwise."""
    section, _, name = key.partition(".")
    setting = re.compile(rf"\s*[\"']?{re.escape(name or section)}[\"']?\s*=")
    opened = ""
    for number, line in enumerate(text.splitlines(), start=1):
        found = _SECTION.match(line)
        opened = found[1] if found else opened
        if found and not name and opened == section:
            return number
        if setting.match(line) and opened == (section if name else ""):
            return number
    return None
