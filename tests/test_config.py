"""Facts about the knobs, and about fifo-live.toml, which explains them."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from fifo_live.config import Config
from fifo_live.errors import ConfigError

KEY = re.compile(r"(\w+) = ")


def test_the_manual_holds_every_key_with_its_default(root: Path) -> None:
    """fifo-live.toml has the fields of Config in their order, and every value is the default."""
    manual = tomllib.loads((root / "fifo-live.toml").read_text())
    assert manual == Config().to_dict()
    assert [(section, list(keys)) for section, keys in manual.items()] == [
        (section.name, [field.name for field in fields(getattr(Config(), section.name))]) for section in fields(Config)
    ]


def test_every_key_of_the_manual_is_explained(root: Path) -> None:
    """Above each key stands a comment, with an empty line before it."""
    lines = (root / "fifo-live.toml").read_text().splitlines()
    for number, line in enumerate(lines):
        if KEY.match(line):
            above = number - 1
            while lines[above].startswith("#"):
                above -= 1
            assert above < number - 1, f"{line!r} has no comment."
            assert lines[above] == "", f"No empty line above the comment of {line!r}."


def test_a_file_is_read(tmp_path: Path) -> None:
    """Keys that a file names are taken from it, all others keep their defaults."""
    file = tmp_path / "knobs.toml"
    file.write_text("[server]\nport = 9000\n[stream]\nfps = 12\n[webrtc]\naddresses = ['127.0.0.1']\n")
    config = Config.load(file)
    assert (config.server.port, config.stream.fps, config.webrtc.addresses) == (9000, 12.0, ("127.0.0.1",))
    assert config.model == Config().model


def test_a_dictionary_goes_and_comes_back() -> None:
    """to_dict and from_dict undo each other."""
    config = Config().with_values(server={"port": 0}, engine={"ranks": 3})
    assert Config.from_dict(config.to_dict()) == config


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"servre": {}}, "Unknown key 'servre'. Known keys: engine, model, server, stream, webrtc."),
        ({"server": {"prot": 1}}, "Unknown key 'server.prot'. Known keys of server: host, max_viewers, port, token."),
        ({"server": 1}, "server must be a section"),
        ({"server": {"port": 70000}}, "server.port is 70000"),
        ({"server": {"port": "80"}}, 'server.port is "80"; it must be a whole number.'),
        ({"server": {"port": True}}, "server.port is true; it must be a whole number."),
        ({"server": {"host": 1}}, "server.host is 1; it must be text in quotes."),
        ({"server": {"host": "http://a"}}, "server.host is 'http://a'; it must be an address or a host name."),
        ({"server": {"token": "a\nb"}}, "server.token must not contain control characters"),
        ({"stream": {"paced": 1}}, "stream.paced is 1; it must be true or false."),
        ({"stream": {"fps": "fast"}}, 'stream.fps is "fast"; it must be a number.'),
        ({"model": {"name": ["wan"]}}, 'model.name is ["wan"]; it must be text in quotes.'),
        ({"server": {"max_viewers": 0}}, "server.max_viewers is 0"),
        ({"model": {"dtype": "int8"}}, "model.dtype is 'int8'"),
        ({"model": {"seed": -1}}, "model.seed is -1"),
        ({"model": {"prompt": "a" * 2001}}, "model.prompt is longer than 2000"),
        ({"engine": {"ranks": 0}}, "engine.ranks is 0"),
        ({"engine": {"levels": -1}}, "engine.levels is -1"),
        ({"engine": {"context": -2}}, "engine.context is -2"),
        ({"engine": {"eta": 1.5}}, "engine.eta is 1.5"),
        ({"engine": {"guidance": 51}}, "engine.guidance is 51"),
        ({"engine": {"guidance": -0.5}}, "engine.guidance is -0.5"),
        ({"stream": {"fps": float("nan")}}, "stream.fps is nan"),
        ({"stream": {"bitrate_kbps": 1}}, "stream.bitrate_kbps is 1"),
        ({"stream": {"keyframe_interval_s": 0}}, "stream.keyframe_interval_s is 0.0"),
        ({"stream": {"buffer_frames": 0}}, "stream.buffer_frames is 0"),
        ({"webrtc": {"addresses": "127.0.0.1"}}, "webrtc.addresses must be a list of strings."),
        ({"webrtc": {"ice_servers": [1]}}, "webrtc.ice_servers must be a list of strings."),
    ],
)
def test_a_bad_value_is_named(values: dict[str, Any], sentence: str) -> None:
    """What cannot be is refused with the key, the value and what would do."""
    with pytest.raises(ConfigError, match=re.escape(sentence)):
        Config.from_dict(values)


def test_a_file_that_is_not_there_or_not_toml_is_refused(tmp_path: Path) -> None:
    """A wrong name and a broken file give a sentence, not a traceback."""
    with pytest.raises(ConfigError, match="No such configuration file:"):
        Config.load(tmp_path / "none.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("port = = 1")
    with pytest.raises(ConfigError, match=r"is not valid TOML: .*line 1"):
        Config.load(broken)


def test_a_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    """Editors on Windows put one in front of a file."""
    file = tmp_path / "knobs.toml"
    file.write_bytes(b"\xef\xbb\xbf[server]\r\nport = 9107\r\n")
    assert Config.load(file).server.port == 9107


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """A folder, another encoding and a name that the system does not take are sentences of our own."""
    with pytest.raises(ConfigError, match="is a folder; name a file"):
        Config.load(tmp_path)
    file = tmp_path / "knobs.toml"
    file.write_bytes("[server]\n".encode("utf-16"))
    with pytest.raises(ConfigError, match="is not UTF-8 text; save it as UTF-8"):
        Config.load(file)
    with pytest.raises(ConfigError, match="cannot be read: File name too long"):
        Config.load(tmp_path / ("x" * 300))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[server]\nhost = '::1'\n\n# a comment\nport = '80'\n", 5),
        ("[model]\nseed = 1\n[server]\nprot = 1\n", 4),
        ("[server]\nport = 1\n[servre]\n", 3),
        ("# one\nserver = 1\n", 2),
        ("server = { port = -1 }\n", None),
    ],
)
def test_a_bad_value_in_a_file_is_told_with_its_line(text: str, line: int | None, tmp_path: Path) -> None:
    """The sentence ends with the file and, where the key has a line of its own, with that."""
    file = tmp_path / "knobs.toml"
    file.write_text(text)
    place = f"({file}, line {line})" if line else f"({file})"
    with pytest.raises(ConfigError, match=re.escape(place) + "$"):
        Config.load(file)
