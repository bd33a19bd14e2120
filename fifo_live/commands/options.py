"""Options that several commands share; merges file and command line into a Config."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from fifo_live.config import Config
from fifo_live.errors import ConfigError

DEFAULT_FILE = Path("fifo-live.toml")

ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="The configuration file; the default is ./fifo-live.toml, if it exists."
    ),
]
Assignments = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Any setting of the file, as in engine.threads=2. May be repeated."
    ),
]
ModelName = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME_OR_PATH",
        help="A name or hub id that 'models' lists, a folder or checkpoint file, or package.module:loader.",
    ),
]
Dtype = Annotated[str | None, typer.Option("--dtype", help="auto, float32, bfloat16 or float16.")]
Loras = Annotated[
    list[str] | None,
    typer.Option("--lora", metavar="FILE[:SCALE]", help="Weights to add to the model's. May be repeated."),
]
DecoderName = Annotated[
    str | None, typer.Option("--decoder", help="full, tiny, or tiny:PATH_OR_ID: which decoder makes the pictures.")
]
TextEncoderDevice = Annotated[
    str | None, typer.Option("--text-encoder-device", help="auto, same (beside the network) or cpu.")
]
Ranks = Annotated[int | None, typer.Option("--ranks", help="How many worker processes share the queue.")]
Seed = Annotated[int | None, typer.Option("--seed", help="The same seed and prompts give the same stream.")]
Init = Annotated[
    str | None,
    typer.Option("--init", metavar="FILE", help="A picture or a clip to begin with, for models with an encoder."),
]
Host = Annotated[str | None, typer.Option("--host", help="The address to listen on.")]
Port = Annotated[int | None, typer.Option("--port", help="The port to listen on; 0 takes a free one.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def make_config(
    file: Path | None, sections: Mapping[str, Mapping[str, Any]], assignments: Sequence[str] | None = None
) -> Config:
    """Return the defaults, changed by the file, then by the options that are not None, then by `--set`.

    Raises: ConfigError for an unknown key or a bad value.
    """
    values = _read(file).to_dict()
    for section, options in sections.items():
        values[section].update({key: value for key, value in options.items() if value is not None})
    for assignment in assignments or ():
        section, key, value = _parse(assignment)
        values.setdefault(section, {})[key] = value
    return Config.from_dict(values)


def model_section(
    name: str | None,
    dtype: str | None,
    loras: Sequence[str] | None,
    decoder: str | None,
    text_encoder_device: str | None,
) -> dict[str, Any]:
    """Return what the options say about the section [model]; None for what they leave open."""
    return {
        "name": name,
        "dtype": dtype,
        "lora": list(loras) if loras else None,
        "decoder": decoder,
        "text_encoder_device": text_encoder_device,
    }


def _read(file: Path | None) -> Config:
    if file is None and not DEFAULT_FILE.exists():
        return Config()
    return Config.load(file or DEFAULT_FILE)


def _parse(assignment: str) -> tuple[str, str, Any]:
    name, equals, text = assignment.partition("=")
    section, dot, key = name.strip().partition(".")
    if not equals or not dot:
        raise ConfigError(f"--set takes section.key=value, as in engine.threads=2; it got {assignment!r}.")
    try:
        return section, key, tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        # A bare word needs no quotes here; whether a string is what the knob takes, Config says.
        return section, key, text.strip()
