"""Settings, each validated once. `fifo-live.toml` in the repository explains every one of them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any, get_type_hints

from fifo_live.errors import ConfigError
from fifo_live.ice_server import IceServer
from fifo_live.toml_file import line_of, parse, read_text

MAX_PROMPT_CHARS = 2000

_UNPRINTABLE = re.compile(r"[^!-~\w]|/")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _require(condition: bool, message: str) -> None:
    """Refuse a value unless a condition holds; the message begins with the key."""
    if not condition:
        raise ConfigError(message, message.partition(" ")[0])


@dataclass(frozen=True)
class ServerConfig:
    """Where the server listens and who may use it."""

    host: str = "127.0.0.1"
    port: int = 8765
    token: str = ""
    max_viewers: int = 64

    def __post_init__(self) -> None:
        _require(
            not _UNPRINTABLE.search(self.host), f"server.host is {self.host!r}; it must be an address or a host name."
        )
        is_printable = self.token.isprintable() and self.token == self.token.strip()
        _require(is_printable, "server.token must not contain control characters, or begin or end with a space.")
        _require(0 <= self.port <= 65535, f"server.port is {self.port}; it must be between 0 (any free one) and 65535.")
        _require(self.max_viewers >= 1, f"server.max_viewers is {self.max_viewers}; it must be at least 1.")


@dataclass(frozen=True)
class ModelConfig:
    """Which model runs and how it starts."""

    name: str = "bundled"
    dtype: str = "auto"
    device: str = "auto"
    seed: int = 0
    prompt: str = ""
    init: str = ""
    width: int = 0
    height: int = 0
    lora: tuple[str, ...] = ()
    decoder: str = "full"
    text_encoder_device: str = "auto"

    def __post_init__(self) -> None:
        dtypes = ("auto", "float32", "bfloat16", "float16")
        _require(self.dtype in dtypes, f"model.dtype is {self.dtype!r}; it must be one of {', '.join(dtypes)}.")
        devices = ("auto", "cpu", "cuda")
        _require(self.device in devices, f"model.device is {self.device!r}; it must be one of {', '.join(devices)}.")
        _require(0 <= self.seed < 2**63, f"model.seed is {self.seed}; it must be between 0 and 2**63 - 1.")
        for name in ("width", "height"):
            value = getattr(self, name)
            even = value % 2 == 0 and 0 <= value <= 8192
            _require(even, f"model.{name} is {value}; it must be 0 (the model's own) or an even number up to 8192.")
        decoder = self.decoder in ("full", "tiny") or self.decoder.startswith("tiny:")
        _require(decoder, f"model.decoder is {self.decoder!r}; it must be full, tiny or tiny:PATH_OR_ID.")
        places = ("auto", "same", "cpu")
        is_place = self.text_encoder_device in places
        _require(
            is_place, f"model.text_encoder_device is {self.text_encoder_device!r}; it must be one of auto, same, cpu."
        )
        _require(len(self.prompt) <= MAX_PROMPT_CHARS, f"model.prompt is longer than {MAX_PROMPT_CHARS} characters.")


@dataclass(frozen=True)
class EngineConfig:
    """The diagonal queue. 0 (or an empty string, or -1 where 0 has a meaning) takes the model's own value."""

    ranks: int = 1
    levels: int = 0
    chunk: int = 0
    micro_steps: int = 0
    window: int = 0
    context: int = -1
    solver: str = ""
    eta: float = 0.0
    guidance: float = -1.0
    windows_per_forward: int = 0
    cuts: str = "auto"
    threads: int = 0

    def __post_init__(self) -> None:
        _require(1 <= self.ranks <= 1024, f"engine.ranks is {self.ranks}; it must be between 1 and 1024.")
        for name in ("levels", "chunk", "micro_steps", "window", "windows_per_forward", "threads"):
            _require(getattr(self, name) >= 0, f"engine.{name} is {getattr(self, name)}; it cannot be negative.")
        _require(self.context >= -1, f"engine.context is {self.context}; it must be -1 (the model's own) or more.")
        _require(self.cuts in ("auto", "yes", "no"), f"engine.cuts is {self.cuts!r}; it must be auto, yes or no.")
        _require(0.0 <= self.eta <= 1.0, f"engine.eta is {self.eta}; it must be between 0 and 1.")
        is_scale = self.guidance == -1.0 or 0.0 <= self.guidance <= 50.0
        _require(is_scale, f"engine.guidance is {self.guidance}; it must be -1 (the model's own) or between 0 and 50.")


@dataclass(frozen=True)
class StreamConfig:
    """The picture that goes out."""

    fps: float = 0.0
    bitrate_kbps: int = 2500
    keyframe_interval_s: float = 10.0
    buffer_frames: int = 4
    paced: bool = True

    def __post_init__(self) -> None:
        _require(0.0 <= self.fps <= 120.0, f"stream.fps is {self.fps}; it must be between 0 (the model's) and 120.")
        _require(
            50 <= self.bitrate_kbps <= 100_000,
            f"stream.bitrate_kbps is {self.bitrate_kbps}; it must be between 50 and 100000.",
        )
        _require(
            0.5 <= self.keyframe_interval_s <= 600.0,
            f"stream.keyframe_interval_s is {self.keyframe_interval_s}; it must be between 0.5 and 600.",
        )
        _require(
            1 <= self.buffer_frames <= 240,
            f"stream.buffer_frames is {self.buffer_frames}; it must be between 1 and 240.",
        )


@dataclass(frozen=True)
class WebRTCConfig:
    """How viewers reach the stream. Empty `addresses` means all of the host's and loopback."""

    addresses: tuple[str, ...] = ()
    ice_servers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for text in self.addresses:
            _require(_is_address(text), f"webrtc.addresses has {text!r}; it must be a list of IP addresses.")
        for text in self.ice_servers:
            try:
                IceServer.parse(text)
            except ConfigError as error:
                raise ConfigError(f"webrtc.ice_servers: {error}") from error


@dataclass(frozen=True)
class Config:
    """All knobs, by section of the file."""

    server: ServerConfig = field(default_factory=ServerConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    engine: EngineConfig = field(default_factory=EngineConfig)
    stream: StreamConfig = field(default_factory=StreamConfig)
    webrtc: WebRTCConfig = field(default_factory=WebRTCConfig)

    @classmethod
    def load(cls, path: Path) -> "Config":
        """Read a TOML file.

        Raises: ConfigError for a file that cannot be read, is not TOML, or holds an unknown key or a bad value.
        """
        text = read_text(path)
        values = parse(text, path)
        try:
            return cls.from_dict(values)
        except ConfigError as error:
            line = line_of(text, error.key)
            place = f"{path}, line {line}" if line else str(path)
            raise ConfigError(f"{error} ({place})", error.key) from error

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Config":
        """Make a Config of nested dictionaries, as a TOML file holds them."""
        config: Config = _build(cls, values, "")
        return config

    def with_values(self, **sections: Mapping[str, Any]) -> "Config":
        """Return a copy in which the given keys of the given sections have new values."""
        return replace(self, **{name: replace(getattr(self, name), **values) for name, values in sections.items()})

    def to_dict(self) -> dict[str, Any]:
        """Return the knobs as plain dictionaries and lists, fit for JSON."""
        sections = {f.name: getattr(self, f.name) for f in fields(self)}
        return {
            name: {f.name: _plain(getattr(section, f.name)) for f in fields(section)}
            for name, section in sections.items()
        }


_KINDS: dict[Any, str] = {str: "text in quotes", int: "a whole number", float: "a number", bool: "true or false"}


def _shown(value: Any) -> str:
    """Return a value as TOML writes it."""
    return json.dumps(value, default=str, ensure_ascii=False)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _build(cls: type, values: Mapping[str, Any], prefix: str) -> Any:
    hints = get_type_hints(cls)
    unknown = [key for key in values if key not in hints]
    if unknown:
        known = ", ".join(sorted(hints))
        of_section = f" of {prefix[:-1]}" if prefix else ""
        key = prefix + unknown[0]
        raise ConfigError(f"Unknown key {key!r}. Known keys{of_section}: {known}.", key)
    return cls(**{key: _convert(hints[key], value, prefix + key) for key, value in values.items()})


def _convert(hint: Any, value: Any, key: str) -> Any:
    if is_dataclass(hint) and isinstance(hint, type):
        _require(isinstance(value, Mapping), f"{key} must be a section, written as [{key}].")
        return _build(hint, value, key + ".")
    if hint == tuple[str, ...]:
        strings = isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)
        _require(strings, f"{key} must be a list of strings.")
        return tuple(value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    _require(type(value) is hint, f"{key} is {_shown(value)}; it must be {_KINDS[hint]}.")
    return value
