"""`fifo-live models`: which models can be named."""

import json

from rich.console import Console
from rich.table import Column, Table

from fifo_live.commands.options import AsJson


def models(as_json: AsJson = False) -> None:
    """List the models that --model can name."""
    from fifo_live.models.registry import cards, loaders

    rows = [{"family": family, **card.row()} for family, card in cards()]
    if as_json:
        print(json.dumps(rows, indent=2))
        return
    table = Table(Column("--model", no_wrap=True), "pixels", "window", "GB", "licence")
    for name in loaders():
        table.add_row(name)
    for row in rows:
        width, height = row["size"]
        licence = row["licence"] + (" (non-commercial)" if row["non_commercial"] else "")
        weights = f"{row['weights_gb']:.1f}"
        table.add_row(row["model"], f"{width}x{height}", str(row["window"]), weights, licence)
    console = Console()
    console.print(table)
    console.print(
        "GB: all weights at 16 bits. A folder or checkpoint file of such a model can be named too, or your own as "
        "package.module:loader; docs/models.md tells how, and what was run with real weights."
    )
