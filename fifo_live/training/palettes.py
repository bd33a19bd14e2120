"""Palettes: five colour stops from the darkest to the brightest, and a gentle random variation of them."""

from __future__ import annotations

import torch
from torch import Tensor

NUM_STOPS = 5

# Deep shadow, shadow, body, light, highlight.
_HEX: dict[str, str] = {
    "red": "16020a 5c0a14 c01c24 f2574a ffd3bf",
    "orange": "170804 6a2106 d8580c fb9c2c ffe9b0",
    "gold": "140c02 58390a b9861a f0c544 fff4c4",
    "green": "02110b 0a4526 1a9150 5fd67e dbffd0",
    "teal": "02121a 07464f 12939a 55d6cb d8fff4",
    "blue": "030a24 0c2e74 1f66d0 5fa9f7 d6eeff",
    "purple": "0c0424 38127c 7a35cf b67cf6 efdcff",
    "pink": "1a0418 6e1054 d8338f fa7fba ffdff0",
    "silver": "0a0d12 343c48 7f8b99 bcc7d2 f8fbff",
    "sunset": "150a33 5a1d66 d2405e fb9350 ffe7a6",
    "rainbow": "1c0a4a 2260d8 1fb573 f4c63a ff5a4c",
}
PALETTES: tuple[str, ...] = tuple(_HEX)


def _parse(row: str) -> list[list[float]]:
    return [[int(word[i : i + 2], 16) / 255 for i in (0, 2, 4)] for word in row.split()]


_STOPS = {name: torch.tensor(_parse(row)) for name, row in _HEX.items()}

_CROSSING_S1 = torch.tensor([[0.0], [0.1], [0.6], [1.0], [1.0]])


def palette_stops(name: str, generator: torch.Generator) -> Tensor:
    """Return the (5, 3) RGB stops of a palette, in 0..1, varied a little in tint and in contrast.

    "blue+gold" has the shadows of blue and the lights of gold.
    """
    dark, _, light = name.partition("+")
    stops_S3 = torch.lerp(_STOPS[dark], _STOPS[light or dark], _CROSSING_S1)
    tint_13 = 1 + 0.03 * (2 * torch.rand(1, 3, generator=generator) - 1)
    gamma = 0.95 + 0.10 * torch.rand(1, generator=generator)
    return (stops_S3**gamma * tint_13).clamp(0, 1)


def ramp(value: Tensor, stops_S3: Tensor) -> Tensor:
    """Colour a (F, H, W) field in 0..1 with the stops; returns (F, 3, H, W)."""
    position_FHW = value.clamp(0, 1) * (NUM_STOPS - 1)
    index_FHW = position_FHW.floor().clamp(max=NUM_STOPS - 2)
    part_F1HW = (position_FHW - index_FHW).unsqueeze(1)
    low = index_FHW.long()
    table_3S = stops_S3.T
    low_F3HW = table_3S[:, low].transpose(0, 1)
    high_F3HW = table_3S[:, low + 1].transpose(0, 1)
    return torch.lerp(low_F3HW, high_F3HW, part_F1HW)
