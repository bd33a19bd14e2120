"""Geometries: the sizes of picture, latent and networks that the training can make."""

from __future__ import annotations

from dataclasses import dataclass

from fifo_live.bundled.autoencoder import AutoencoderShape


@dataclass(frozen=True)
class Geometry:
    width: int
    height: int
    autoencoder: AutoencoderShape
    widths: tuple[int, int]  # of the denoiser's two stages
    depths: tuple[int, int]  # blocks of the denoiser's two stages

    @property
    def latent_shape(self) -> tuple[int, int, int]:
        shape = self.autoencoder
        return shape.channels, self.height // shape.factor, self.width // shape.factor


GEOMETRIES: dict[str, Geometry] = {
    "f32-deep": Geometry(
        width=576,
        height=320,
        autoencoder=AutoencoderShape(32, (48, 96, 192, 256), (1, 1, 1, 2), (0, 1, 2, 2)),
        widths=(96, 192),
        depths=(2, 5),
    ),
    "f16": Geometry(
        width=448,
        height=256,
        autoencoder=AutoencoderShape(16, (48, 96, 192), (1, 1, 2), (1, 2, 2)),
        widths=(96, 192),
        depths=(2, 3),
    ),
    "toy": Geometry(  # for tests: seconds, not quality
        width=64,
        height=64,
        autoencoder=AutoencoderShape(4, (8, 8, 16), (1, 1, 1), (1, 1, 1)),
        widths=(16, 32),
        depths=(1, 1),
    ),
}
