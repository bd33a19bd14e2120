"""`fifo-live models`: which models can be named."""

import json
from importlib import import_module

from rich.console import Console
from rich.table import Table

from fifo_live.commands.options import AsJson


def models(as_json: AsJson = False) -> None:
    """List the models that --model can name."""
    from fifo_live.models.registry import ADAPTERS

    rows = [{"name": name, "adapter": path, "about": _about(path)} for name, path in sorted(ADAPTERS.items())]
    if as_json:
        print(json.dumps(rows, indent=2))
        return
    table = Table("name", "adapter", "about")
    for row in rows:
        table.add_row(row["name"], row["adapter"], row["about"])
    console = Console()
    console.print(table)
    console.print("Your own model is named as package.module:loader; docs/models.md tells what a loader gives.")


def _about(path: str) -> str:
    """Return the first sentence of the adapter's file, or why it can not be read."""
    try:
        module = import_module(path.partition(":")[0])
    except ImportError as error:
        return f"can not be loaded: {error}"
    return (module.__doc__ or "").partition("\n")[0]
