"""Jellyfish: large glowing bells that pulse through deep water and trail soft tentacles.

u and v are measured from a bell's centre, beside its course and astern, in bell radii.
"""

from __future__ import annotations

import torch
from torch import Tensor

from fifo_live.training.canvas import Canvas, lay, sample, smoothstep

NUM_BELLS = 6
AHEAD = 0.30  # room beyond the border for a bell that comes in
ASTERN = 0.66  # and for one that leaves with its tentacles
TENTACLES = (-0.72, -0.38, 0.38, 0.72)
ARMS = (-0.16, 0.16)


def draw(canvas: Canvas) -> Tensor:
    picture_F3 = _water(canvas)
    sizes = sorted(canvas.uniform(0.12, 0.21) for _ in range(NUM_BELLS))  # the far ones first
    seats = torch.randperm(NUM_BELLS, generator=canvas.generator).tolist()
    offset = canvas.uniform(0, 1)
    for size, seat in zip(sizes, seats, strict=True):
        _add_jellyfish(canvas, picture_F3, size, (seat + offset) / NUM_BELLS)
    return canvas.enlarge(picture_F3.clamp(0, 1))


def _water(canvas: Canvas) -> Tensor:
    y_h1, x_1w = canvas.grid()
    fan = (x_1w - canvas.aspect / 2) / (0.9 + 0.7 * y_h1)  # the rays spread downwards
    ray = sample(canvas.noise(8, 2), 0.30 * fan[None] + 0.012 * canvas.clock, 0.02 * canvas.clock + 0 * fan)
    light = (1 - y_h1).clamp(0, 1) ** 1.5
    return canvas.colour(0.03 + 0.32 * light + 0.18 * light * ray)


def _add_jellyfish(canvas: Canvas, picture_F3: Tensor, size: float, seat: float) -> None:
    """Draw one jellyfish into the picture; its seat 0..1 is its place in the swarm."""
    beat = 3.4 * canvas.clock + canvas.uniform(0, 6.28)
    tone = canvas.uniform(0.62, 0.80)
    x_F, y_F, tilt = _course(canvas, size, seat, beat)
    ahead_x, ahead_y = canvas.heading
    y_h1, x_1w = canvas.grid()
    rows, columns = _near(y_h1[:, 0], y_F, size, -ahead_y), _near(x_1w[0], x_F, size, -ahead_x)
    x, y = (x_1w[:, columns] - x_F) / size, (y_h1[rows] - y_F) / size
    astern_x, astern_y = -ahead_x - tilt * ahead_y, -ahead_y + tilt * ahead_x
    width = 1 + 0.13 * torch.sin(beat)
    u, v = (x * astern_y - y * astern_x) / width, (x * astern_x + y * astern_y) * width
    picture_F3[..., rows, columns] = _paint(canvas, picture_F3[..., rows, columns], (u, v), beat, tone)


def _course(canvas: Canvas, size: float, seat: float, beat: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return x, y and the tilt of a jellyfish over time, (F, 1, 1) each; it swims in surges."""
    ahead = canvas.heading[0] + canvas.heading[1]
    course, beside = (canvas.aspect, 1.0) if canvas.heading[0] else (1.0, canvas.aspect)
    span = course + AHEAD + ASTERN
    home = seat * 0.618 * NUM_BELLS % 1 * span
    way = (home + (0.12 + 0.25 * size) * canvas.clock - 0.02 * torch.cos(beat)) % span - AHEAD
    along = way if ahead > 0 else course - way
    lane = beside * (0.10 + 0.80 * ((seat + canvas.uniform(0, 0.5) / NUM_BELLS) % 1))
    across = lane + 0.03 * torch.sin(0.5 * canvas.clock + 9 * seat)
    tilt = 0.14 * torch.sin(0.6 * canvas.clock + 12 * seat)
    return (along, across, tilt) if canvas.heading[0] else (across, along, tilt)


def _near(place_n: Tensor, centre_F: Tensor, size: float, astern: float) -> slice:
    """Return the rows or columns that a jellyfish touches during the clip."""
    low = float(centre_F.min()) - size * (1.9 + 1.4 * max(-astern, 0))
    high = float(centre_F.max()) + size * (1.9 + 1.4 * max(astern, 0))
    return slice(int((place_n < low).sum()), int((place_n < high).sum()))


def _paint(canvas: Canvas, behind_F3: Tensor, own: tuple[Tensor, Tensor], beat: Tensor, tone: float) -> Tensor:
    """Lay a jellyfish of a palette tone over what is behind it; own is (u, v)."""
    u, v = own
    glow = (1 - (u**2 + (v - 0.2) ** 2) / 2.56).clamp(min=0) ** 2
    lit_F3 = behind_F3 + 0.24 * glow.unsqueeze(1) * canvas.stop(tone - 0.1)
    lit_F3 = lay(lit_F3, canvas.stop(tone), _trail(u, v, beat))
    rim = smoothstep(0.45, 1.0, (u**2 + (v * 1.15) ** 2).sqrt())
    heart = torch.exp(-((u / 0.42) ** 2 + ((v + 0.30) / 0.26) ** 2))
    skin_F3 = canvas.colour(tone - 0.16 + 0.26 * rim + 0.30 * heart)
    return lay(lit_F3, skin_F3, _bell(u, v) * (0.52 + 0.36 * rim + 0.34 * heart).clamp(0, 0.95))


def _bell(u: Tensor, v: Tensor) -> Tensor:
    """Return the cover of a dome: half an ellipse ahead, a short flared skirt behind."""
    dome = (u**2 + (v.clamp(max=0) * 1.1) ** 2).sqrt() + 0.35 * v.clamp(min=0)
    hem = 0.24 + 0.06 * torch.cos(9 * u)
    return smoothstep(1.06, 0.94, dome) * smoothstep(-0.10, 0.10, hem - v)


def _trail(u: Tensor, v: Tensor, beat: Tensor) -> Tensor:
    """Return the cover of the waving tentacles and of the broader arms between them."""
    cover = torch.zeros_like(u)
    reach = v.clamp(0, 3)
    for number, root in enumerate(TENTACLES + ARMS):
        arm = root in ARMS
        wave = torch.sin(2.6 * reach - 0.8 * beat + 1.7 * number)
        middle = root * (1 - 0.12 * reach) + (0.06 + 0.10 * reach) * wave
        wide = 0.17 if arm else 0.11
        fade = smoothstep(2.0 if arm else 2.8, 0.2, v) * smoothstep(0.0, 0.15, v)
        cover = cover + (0.75 if arm else 0.6) * fade * torch.exp(-(((u - middle) / wide) ** 2))
    return cover.clamp(0, 0.85)
