"""`fifo-live models`: lists the models that --model can name."""

import json

from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from fifo_live.commands.options import AsJson


def models(as_json: AsJson = False) -> None:
    """List the models that --model can name."""
    from fifo_live.models.registry import cards, loaders

    known = cards()
    if as_json:
        print(json.dumps([{"family": family.name, **card.row()} for family, card in known], indent=2))
        return
    figures = [Column(name, justify="right", no_wrap=True) for name in ("pixels", "window", "GB")]
    table = Table(Column("--model", overflow="fold"), *figures, box=None, pad_edge=False)
    for name in loaders():
        table.add_row(Text(name))
    for number, (family, card) in enumerate(known):
        if not number or family is not known[number - 1][0]:
            table.add_row(Text(f"\n{family.name}: {family.about}"), style="bold")
        row = card.row()
        width, height = row["size"]
        use = ", non-commercial use only" if row["non_commercial"] else ""
        table.add_row(Text(row["model"]), f"{width}x{height}", str(row["window"]), f"{row['weights_gb']:.1f}")
        table.add_row(Padding(Text(f"{row['licence']}{use}"), (0, 0, 0, 2)), style="dim")
    console = Console(highlight=False)
    console.print(table)
    console.print(
        "\nwindow: latents in the network together. GB: all weights at 16 bits. A folder or checkpoint file of such a "
        "model can be named too, or your own as package.module:loader; docs/models.md tells how, and what was run with "
        "real weights. --json prints all fields.",
    )
