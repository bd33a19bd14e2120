"""The kinds of scene the bundled model knows, each with its natural colours and headings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from fifo_live.training.canvas import Canvas
from fifo_live.training.scenes import (
    aurora,
    city,
    clouds,
    fire,
    fireworks,
    grass,
    jellyfish,
    kaleidoscope,
    lava,
    mountains,
    plasma,
    rain,
    sea,
    silk,
    snow,
    stars,
    tunnel,
)


@dataclass(frozen=True)
class Scene:
    draw: Callable[[Canvas], Tensor]  # returns (F, 3, H, W) in 0..1
    palettes: tuple[str, ...]  # the colours it has when nobody asks
    headings: tuple[str, ...]  # the directions it knows, the natural one first; () is none
    # Draws what stands in front of another scene's picture (F, 3, H, W), which may be one picture for all frames.
    before: Callable[[Canvas, Tensor], Tensor] | None = None


SCENES: dict[str, Scene] = {
    "sea": Scene(sea.draw, ("blue", "teal", "sunset"), ("left", "right"), sea.before),
    "stars": Scene(stars.draw, ("blue", "purple"), ("left", "right", "up", "down", "forward", "backward")),
    "aurora": Scene(aurora.draw, ("green", "teal"), ("left", "right")),
    "plasma": Scene(plasma.draw, ("purple", "rainbow", "pink"), ("left", "right", "up", "down")),
    "silk": Scene(silk.draw, ("pink", "blue"), ("left", "right")),
    "clouds": Scene(clouds.draw, ("blue", "silver"), ("left", "right")),
    "fire": Scene(fire.draw, ("orange", "red"), ()),
    "lava": Scene(lava.draw, ("red", "orange", "pink"), ()),
    "snow": Scene(snow.draw, ("blue", "silver"), ("down", "left", "right"), snow.before),
    "city": Scene(city.draw, ("blue", "gold", "purple"), ("left", "right"), city.before),
    "tunnel": Scene(tunnel.draw, ("teal", "purple", "rainbow"), ("forward", "backward")),
    "mountains": Scene(mountains.draw, ("sunset", "teal", "silver"), ("left", "right"), mountains.before),
    "rain": Scene(rain.draw, ("blue", "teal", "purple"), ("down", "left", "right"), rain.before),
    "fireworks": Scene(fireworks.draw, ("gold", "rainbow", "red"), ()),
    "jellyfish": Scene(jellyfish.draw, ("blue", "pink", "teal"), ("up", "down", "left", "right")),
    "grass": Scene(grass.draw, ("green", "gold", "sunset"), ("left", "right"), grass.before),
    "kaleidoscope": Scene(kaleidoscope.draw, ("rainbow", "purple", "pink"), ("forward", "backward")),
}

# Two scenes in one picture: the one behind, and the one in front of it.
COMBINATIONS: tuple[tuple[str, str], ...] = (
    *((sky, land) for sky in ("aurora", "stars", "clouds") for land in ("sea", "mountains", "city", "grass")),
    *(("fireworks", land) for land in ("sea", "mountains", "city")),
    *((land, "snow") for land in ("city", "mountains")),
    *((land, "rain") for land in ("city", "sea", "grass")),
)
