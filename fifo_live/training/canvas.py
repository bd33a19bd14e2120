"""The drawing board of the scenes: coordinates, tileable noise, soft points and enlarging.

Shapes: F frames, H W picture, h w draft (half the picture), P points.
Units: x and y in picture heights, time in seconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as nnf
from torch import Tensor

from fifo_live.training.palettes import ramp

TILE = 128  # pixels of one noise tile, whose period is one unit of its coordinates
MARGIN = 0.1  # picture heights that a point goes on beyond an edge, before it comes back at the other


@dataclass(frozen=True)
class Canvas:
    """Everything a scene needs to draw one clip."""

    time_F: Tensor  # seconds times the clip's speed
    heading: tuple[float, float]  # unit vector (x, y) in which the content moves; y points down
    depth: float  # +1 flying forward, -1 backward, 0 neither
    stops_S3: Tensor
    generator: torch.Generator
    width: int
    height: int

    def grid(self) -> tuple[Tensor, Tensor]:
        """Return y (h, 1) in 0..1 and x (1, w) in 0..width/height of the draft."""
        height, width = self.height // 2, self.width // 2
        y_h1 = (torch.arange(height).unsqueeze(1) + 0.5) / height
        x_1w = (torch.arange(width).unsqueeze(0) + 0.5) / height
        return y_h1, x_1w

    @property
    def aspect(self) -> float:
        return self.width / self.height

    @property
    def clock(self) -> Tensor:
        """The clip's time as (F, 1, 1)."""
        return self.time_F[:, None, None]

    def uniform(self, low: float, high: float) -> float:
        return low + (high - low) * float(torch.rand(1, generator=self.generator))

    def rand(self, *size: int) -> Tensor:
        return torch.rand(*size, generator=self.generator)

    def sideways(self) -> float:
        """Return -1 or 1: the horizontal part of the heading, to the left where there is none."""
        return 1.0 if self.heading[0] > 0 else -1.0

    def noise(self, cells: int, octaves: int = 3, gain: float = 0.5) -> Tensor:
        """Return a tileable (TILE, TILE) noise of about zero mean, spread over -1..1."""
        total = torch.zeros(TILE, TILE)
        weight = 1.0
        for octave in range(octaves):
            side = min(cells * 2**octave, TILE)
            total += weight * _enlarge_tile(2 * self.rand(side, side) - 1)
            weight *= gain
        return total / total.abs().max()

    def colour(self, value: Tensor) -> Tensor:
        return ramp(value, self.stops_S3)

    def stop(self, position: float) -> Tensor:
        """Return the (1, 3, 1, 1) colour at a position 0..1 of the palette."""
        return ramp(torch.full((1, 1, 1), position), self.stops_S3)

    def wrapped(self, xy_FP2: Tensor) -> Tensor:
        """Return where in the picture (pixels) points are that come back at the other edge when they leave."""
        return (xy_FP2 % self.span - MARGIN) * self.height

    @property
    def span(self) -> Tensor:
        """The width and height (2) in which points move: the picture and its margins."""
        return torch.tensor([self.aspect + 2 * MARGIN, 1 + 2 * MARGIN])

    def enlarge(self, draft_F3hw: Tensor) -> Tensor:
        """Bring a draft to the size of the picture."""
        size = (self.height, self.width)
        return nnf.interpolate(draft_F3hw, size=size, mode="bilinear", align_corners=False)


def _enlarge_tile(cells_NN: Tensor) -> Tensor:
    """Bicubic enlargement of a periodic grid to (TILE, TILE)."""
    side = cells_NN.shape[0]
    pad = 3
    index = torch.arange(-pad, side + pad) % side
    wide = cells_NN[index][:, index][None, None]
    scale = TILE // side
    big = nnf.interpolate(wide, scale_factor=scale, mode="bicubic", align_corners=False)[0, 0]
    return big[pad * scale : pad * scale + TILE, pad * scale : pad * scale + TILE]


def sample(tile: Tensor, u: Tensor, v: Tensor) -> Tensor:
    """Read a noise tile at (u, v) in periods, wrapping round; u and v broadcast to (F, h, w)."""
    u, v = u + 0 * v, v + 0 * u
    padded = nnf.pad(tile[None, None], (0, 1, 0, 1), mode="circular")
    grid = torch.stack(((u - u.floor()) * 2 - 1, (v - v.floor()) * 2 - 1), dim=-1)
    batch = padded.expand(u.shape[0], -1, -1, -1)
    return nnf.grid_sample(batch, grid, mode="bilinear", padding_mode="border", align_corners=True)[:, 0]


def smoothstep(low: float, high: float, value: Tensor) -> Tensor:
    part = ((value - low) / (high - low)).clamp(0, 1)
    return part * part * (3 - 2 * part)


def lay(below_F3: Tensor, above_F3: Tensor, cover_F: Tensor) -> Tensor:
    """Put one picture over another where cover (F, h, w) is 1."""
    return torch.lerp(below_F3, above_F3.expand_as(below_F3), cover_F.unsqueeze(1).expand_as(below_F3))


def points(shape: tuple[int, int, int], xy_FP2: Tensor, radius_FP: Tensor, light_FP: Tensor) -> Tensor:
    """Add soft round points at xy (pixels) to an empty (F, H, W) picture.

    A point is a Gaussian of standard deviation radius/2 pixels, cut at 2 radii of the largest.
    """
    frames, height, width = shape
    reach = max(2, math.ceil(2 * float(radius_FP.max())))
    step = torch.arange(-reach, reach + 1)
    centre_FP2 = xy_FP2.round()
    dy = (centre_FP2[..., 1] - xy_FP2[..., 1])[..., None, None] + step[:, None]
    dx = (centre_FP2[..., 0] - xy_FP2[..., 0])[..., None, None] + step[None, :]
    falloff = torch.exp(-(dx**2 + dy**2) / (0.5 * radius_FP[..., None, None] ** 2))
    value = falloff * light_FP[..., None, None]
    row = (centre_FP2[..., 1].long()[..., None, None] + step[:, None]).expand_as(value)
    column = (centre_FP2[..., 0].long()[..., None, None] + step[None, :]).expand_as(value)
    inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    frame = torch.arange(frames)[:, None, None, None].expand_as(value)
    flat = (frame * height + row) * width + column
    picture = torch.zeros(frames * height * width)
    picture.index_add_(0, flat[inside], value[inside])
    return picture.view(frames, height, width)
