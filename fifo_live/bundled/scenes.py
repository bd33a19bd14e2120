"""Scenes, palettes, paces and headings that the bundled model knows: scenes.json, which the training writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLES = Path(__file__).parent
"""The folder of scenes.json and vocabulary.json."""


@dataclass(frozen=True)
class Scene:
    """What is natural for a scene, the most natural first; no headings for a scene that has no direction."""

    palettes: tuple[str, ...]
    headings: tuple[str, ...]


def _read() -> dict[str, Any]:
    tables: dict[str, Any] = json.loads((TABLES / "scenes.json").read_text(encoding="utf-8"))
    return tables


_TABLES = _read()
FPS: int = _TABLES["fps"]
SCENES: dict[str, Scene] = {
    name: Scene(tuple(row["palettes"]), tuple(row["headings"])) for name, row in _TABLES["scenes"].items()
}
COMBINATIONS: tuple[tuple[str, str], ...] = tuple((behind, front) for behind, front in _TABLES["combinations"])
"""Two scenes in one picture: the one behind, and the one in front of it."""

WEATHER: frozenset[str] = frozenset(_TABLES["weather"])
"""The scenes that fall in front of another one and take its colours away."""

NAMES: dict[str, tuple[str, ...]] = {
    "scene": tuple(SCENES),
    "palette": tuple(_TABLES["palettes"]),
    "speed": tuple(_TABLES["speeds"]),
    "heading": tuple(_TABLES["headings"]),
}
"""The values of each attribute, in the order of the conditioning's entries."""
