"""`fifo-live bench NAME`: measure this machine."""

import inspect
import json
from collections.abc import Callable, Iterator
from enum import StrEnum
from importlib import import_module
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fifo_live.commands.options import AsJson, Assignments, ConfigFile, ModelName, Ranks, Seed, make_config
from fifo_live.errors import ConfigError
from fifo_live.models.requested_files import check_wishes

Frames = Annotated[int | None, typer.Option("--frames", help="How many frames, for 'drift'.")]
Prompts = Annotated[
    list[str] | None, typer.Option("--prompt", metavar="TEXT", help="For 'drift'; repeated, a stream for each.")
]
Joins = Annotated[int | None, typer.Option("--joins", min=1, help="How many viewers come and go, for 'churn'.")]
Levels = Annotated[int | None, typer.Option("--levels", help="Noise levels of the queue, as engine.levels.")]


class Bench(StrEnum):
    """The benchmarks; each is a file of its own in fifo_live/bench."""

    CHURN = "churn"
    DRIFT = "drift"
    LIVE = "live"
    MEMORY = "memory"
    OVERHEAD = "overhead"
    PROMPTS = "prompts"
    START = "start"


def bench(
    name: Annotated[Bench, typer.Argument(help="Which one.")],
    as_json: AsJson = False,
    frames: Frames = None,
    prompt: Prompts = None,
    joins: Joins = None,
    config: ConfigFile = None,
    model: ModelName = None,
    seed: Seed = None,
    levels: Levels = None,
    ranks: Ranks = None,
    assignments: Assignments = None,
) -> None:
    """Measure this machine, or the bundled model.

    'live' a whole stream, 'memory' whether it stays flat, 'churn' whether it stays so while viewers come and go,
    'overhead' the engine's share, 'start' ways to the first frame; 'prompts' whether pictures show what was asked for,
    'drift' whether they stay what they were.
    """
    sections: dict[str, dict[str, Any]] = {
        "model": {"name": model, "seed": seed},
        "engine": {"ranks": ranks, "levels": levels},
    }
    settings = make_config(config, sections, assignments)
    check_wishes(settings.model)
    measure = _measure(name)
    options = {"frames": frames, "prompt": prompt, "joins": joins}
    result: dict[str, object] = measure(settings, **_accepted(name, measure, options))
    if as_json:
        print(json.dumps(result, indent=2))
        return
    table = Table("figure", "value")
    for key, value in _rows(result):
        table.add_row(Text(key), Text(f"{value:.4g}" if isinstance(value, float) else str(value)))
    Console().print(table)


def _measure(name: Bench) -> Callable[..., Any]:
    """Return the function that measures.

    Raises: ConfigError if it needs the training of the bundled model, which is not installed with the product.
    """
    try:
        measure: Callable[..., Any] = import_module(f"fifo_live.bench.{name}").measure
    except ModuleNotFoundError as error:
        if error.name != "fifo_live.training":
            raise
        raise ConfigError(
            f"'bench {name}' compares with drawn clips, whose code is in the source tree only; run it from a checkout."
        ) from error
    return measure


def _rows(result: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield figures as rows: of a group its own figures, of a list its length; --json has everything."""
    for key, value in result.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{name}", figure) for name, figure in _rows(value))
        else:
            yield key, f"{len(value)} (see --json)" if isinstance(value, list) else value


def _accepted(name: Bench, measure: Callable[..., Any], options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that were given.

    Raises: ConfigError for one that the benchmark does not take.
    """
    given = {key: value for key, value in options.items() if value is not None}
    for key in given.keys() - inspect.signature(measure).parameters.keys():
        raise ConfigError(f"'bench {name}' takes no --{key}.")
    return given
