"""The plan of a training: where it works, what it makes, for how long."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fifo_live.bundled.geometry import GEOMETRIES, Geometry
from fifo_live.bundled.weights import FOLDER


@dataclass(frozen=True)
class RunPlan:
    """One training of the model: where, how large, how long."""

    work: Path
    out: Path
    start: Path | None = None  # weights to begin with
    words: Path = FOLDER  # of the word table
    geometry_name: str = "f32-deep"
    images: int = 1400
    shards: int = 400
    text_steps: int = 7000
    text_encoders: int = 6
    autoencoder_minutes: float = 14
    denoiser_minutes: float = 180
    adversarial_minutes: float = 70
    decoder_minutes: float = 15
    processes: int = 1

    @property
    def geometry(self) -> Geometry:
        return GEOMETRIES[self.geometry_name]

    @property
    def crop(self) -> tuple[int, int]:
        return min(192, self.geometry.width), min(192, self.geometry.height)

    @property
    def size(self) -> tuple[int, int]:
        return self.geometry.width, self.geometry.height

    def path(self, name: str) -> Path:
        return self.work / f"{name}-{self.geometry_name}.pt"
