"""Writes the table of models into docs/models.md: `python scripts/models.py`."""

import re
from pathlib import Path
from typing import Any

from fifo_live.models.registry import cards

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "models.md"
TABLE = re.compile(r"(<!-- table of models -->\n\n).*?(\n\n<!-- end of the table -->)", re.DOTALL)
HEAD = (
    "--model",
    "family",
    "pixels",
    "latent",
    "window",
    "frames per latent",
    "predicts (levels trained on)",
    "c, s, N",
    "guidance",
    "fps",
    "text encoder",
    "parameters",
    "weights at 16 bits",
    "licence",
    "run with real weights",
)


def table() -> str:
    """Return the cards of all models as a Markdown table."""
    lines = [HEAD, ("---",) * len(HEAD), *(_cells(family.name, card.row()) for family, card in cards())]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page(text: str) -> str:
    """Return the page with the table of the code."""
    return TABLE.sub(lambda found: found[1] + table() + found[2], text)


def main() -> None:
    """Replace the table in the page by that of the code."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def _cells(family: str, row: dict[str, Any]) -> tuple[str, ...]:
    schedule = row["schedule"]
    first = row["first_latent_frames"]
    per_latent = row["frames_per_latent"]
    return (
        f"`{row['model']}`",
        family,
        "x".join(map(str, row["size"])),
        "x".join(map(str, row["latent_shape"])),
        f"{row['window']} ({row['context']} read only)" if row["context"] else str(row["window"]),
        str(per_latent) if first == per_latent else f"{per_latent} (the first {first})",
        f"{row['prediction']} ({row['training_levels'] or 'continuous'})",
        f"{schedule['chunk']}, {schedule['micro_steps']}, {schedule['levels']}",
        f"{row['guidance']:g}",
        f"{row['fps']:g}",
        row["text_encoder"],
        f"{sum(row['params'].values()) / 1e9:.2f} B",
        f"{row['weights_gb']} GB",
        row["licence"] + (", **non-commercial**" if row["non_commercial"] else ""),
        row["run_with_weights"] or "no",
    )


if __name__ == "__main__":
    main()
