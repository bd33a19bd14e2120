"""Tables of the bundled model, written from those of the training: `python -m fifo_live.training.tables`.

Run it after a change of the scenes, palettes or words, before a training.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fifo_live.bundled.scenes import TABLES
from fifo_live.training.clips import FPS, HEADINGS, SPEEDS
from fifo_live.training.palettes import PALETTES
from fifo_live.training.phrases import WEATHER
from fifo_live.training.scenes import COMBINATIONS, SCENES
from fifo_live.training.vocabulary import content_words, grammar_words, listed_under


def make_tables() -> dict[str, dict[str, Any]]:
    """Return the content of every table by the name of its file."""
    words_under: dict[str, list[str]] = {}
    for word, name in listed_under().items():
        words_under.setdefault(name, []).append(word)
    return {
        "scenes.json": {
            "fps": FPS,
            "scenes": {
                name: {"palettes": list(scene.palettes), "headings": list(scene.headings)}
                for name, scene in SCENES.items()
            },
            "combinations": [list(pair) for pair in COMBINATIONS],
            "weather": sorted(WEATHER),
            "palettes": list(PALETTES),
            "speeds": list(SPEEDS),
            "headings": [name for name in HEADINGS if name != "none"],
        },
        "vocabulary.json": {
            "words": list(grammar_words()),
            "content": sorted(content_words()),
            "listed_under": words_under,
        },
    }


def write_tables(folder: Path = TABLES) -> None:
    """Write every table."""
    for name, table in make_tables().items():
        (folder / name).write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def are_written(folder: Path = TABLES) -> bool:
    """Return whether the files hold what the training's tables say."""
    paths = {folder / name: table for name, table in make_tables().items()}
    return all(path.exists() and json.loads(path.read_text(encoding="utf-8")) == it for path, it in paths.items())


if __name__ == "__main__":
    write_tables()
