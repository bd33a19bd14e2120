"""`fifo-live bench NAME`: measure this machine."""

import json
from enum import StrEnum
from importlib import import_module
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from fifo_live.commands.options import AsJson, Assignments, ConfigFile, ModelName, Ranks, make_config


class Bench(StrEnum):
    """The benchmarks; each is a file of its own in fifo_live/bench."""

    LIVE = "live"
    MEMORY = "memory"
    OVERHEAD = "overhead"
    START = "start"


def bench(
    name: Annotated[Bench, typer.Argument(help="Which one.")],
    as_json: AsJson = False,
    config: ConfigFile = None,
    model: ModelName = None,
    ranks: Ranks = None,
    assignments: Assignments = None,
) -> None:
    """Measure this machine: 'live' a whole stream, 'memory' whether it stays flat, 'start' ways to the first frame."""
    settings = make_config(config, {"model": {"name": model}, "engine": {"ranks": ranks}}, assignments)
    measure = import_module(f"fifo_live.bench.{name}").measure
    result: dict[str, object] = measure(settings)
    if as_json:
        print(json.dumps(result, indent=2))
        return
    table = Table("figure", "value")
    for key, value in result.items():
        table.add_row(key, f"{value:.4g}" if isinstance(value, float) else str(value))
    Console().print(table)
