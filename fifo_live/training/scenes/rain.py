"""Rain: long soft streaks falling before the blurred lights of a city at night, and a wet street below.

K bokeh discs, P streaks.
"""

from __future__ import annotations

import torch
from torch import Tensor

from fifo_live.training.canvas import Canvas, lay, sample, smoothstep

NUM_DISCS = 16
NUM_STREAKS = 26
STREET = 0.76  # where the street begins, in picture heights


def draw(canvas: Canvas) -> Tensor:
    return _fall(canvas, canvas.enlarge(_lights(canvas)))


def before(canvas: Canvas, behind_F3HW: Tensor) -> Tensor:
    """Let rain fall in front of a picture (F, 3, H, W) of the shot's size, dark under the clouds, misty below."""
    y_h1, _ = canvas.grid()
    mist = canvas.enlarge((0.10 + 0.30 * smoothstep(0.45, 1.0, y_h1)).expand(1, 1, -1, canvas.width // 2))
    return _fall(canvas, torch.lerp(0.72 * behind_F3HW, 0.9 * canvas.stop(0.62).expand_as(behind_F3HW), mist))


def _fall(canvas: Canvas, behind_F3HW: Tensor) -> Tensor:
    """Lay the streaks of rain over a picture (F, 3, H, W)."""
    streaks_F1hw = _streaks(canvas).unsqueeze(1)
    cover_FHW = canvas.enlarge(streaks_F1hw)[:, 0].clamp(0, 0.85)
    return lay(behind_F3HW, 0.4 + 0.6 * canvas.stop(0.95), cover_FHW)


def _streaks(canvas: Canvas) -> Tensor:
    """Draw the rain (F, h, w): every streak keeps its slanted lane and runs down it."""
    y_h1, x_1w = canvas.grid()
    slant = 0.62 * canvas.heading[0] + canvas.uniform(-0.05, 0.05)
    near_P = canvas.rand(NUM_STREAKS) ** 1.3
    length_P = 0.24 + 0.22 * near_P
    pace_P = 0.46 + 0.40 * near_P
    lane_P = (torch.arange(NUM_STREAKS) + canvas.rand(NUM_STREAKS)) / NUM_STREAKS
    lane_P = lane_P * (canvas.aspect + abs(slant) + 0.1) - 0.05 - max(slant, 0.0)
    across_Phw = (x_1w - slant * y_h1 - lane_P[:, None, None]) / (0.0125 + 0.0115 * near_P)[:, None, None]
    lane_hPw = torch.exp(-(across_Phw**2)).transpose(0, 1)
    span_P = 1.05 + 1.2 * length_P
    head_FP = (canvas.time_F[:, None] * pace_P + canvas.rand(NUM_STREAKS) * span_P) % span_P
    behind_hFP = (head_FP - y_h1[:, :, None]) / length_P  # 0 at the head of a streak, 1 at the end of its tail
    body_hFP = smoothstep(-0.06, 0.12, behind_hFP) * (1 - behind_hFP).clamp(0, 1) ** 1.2
    return torch.bmm(body_hFP * (0.42 + 0.36 * near_P), lane_hPw).transpose(0, 1)


def _lights(canvas: Canvas) -> Tensor:
    """Draw the city out of focus (F, 3, h, w), and its lights drawn out on the wet street."""
    y_h1, x_1w = canvas.grid()
    x_K = canvas.aspect * (torch.arange(NUM_DISCS) + canvas.rand(NUM_DISCS)) / NUM_DISCS
    y_K = 0.10 + 0.58 * ((torch.arange(NUM_DISCS) * 0.618 + canvas.rand(1)) % 1)
    radius_K = 0.06 + 0.11 * canvas.rand(NUM_DISCS) ** 1.8
    beat_FK = torch.sin(canvas.time_F[:, None] * (0.6 + 0.8 * canvas.rand(NUM_DISCS)) + 6.28 * canvas.rand(NUM_DISCS))
    colour_FK3 = (0.42 + 0.14 * beat_FK).unsqueeze(-1) * _colours(canvas)
    wide_K = radius_K[:, None, None]
    distance_Khw = ((x_1w - x_K[:, None, None]) ** 2 + (y_h1 - y_K[:, None, None]) ** 2).sqrt() / wide_K
    disc_Khw = smoothstep(1.10, 0.84, distance_Khw) * (0.62 + 0.38 * distance_Khw**3)
    halo_Khw = 0.16 * torch.exp(-((distance_Khw / 2.2) ** 2))
    air_F3 = torch.einsum("fkc,khw->fchw", colour_FK3, (disc_Khw + halo_Khw) * smoothstep(STREET, STREET - 0.03, y_h1))
    sway_Fhw = 0.022 * sample(canvas.noise(8, 2), 0.25 * x_1w[None] + 0 * canvas.clock, 2 * y_h1 - 0.22 * canvas.clock)
    shine_F3 = torch.zeros_like(air_F3)
    depth_h1 = ((y_h1 - STREET) / (1 - STREET)).clamp(0, 1)
    for disc in range(NUM_DISCS):
        path_Fhw = torch.exp(-(((x_1w + (0.4 + depth_h1) * sway_Fhw - x_K[disc]) / (0.8 * radius_K[disc])) ** 2))
        shine_F3 += (path_Fhw * (1 - 0.6 * depth_h1)).unsqueeze(1) * colour_FK3[:, disc, :, None, None]
    sky_13 = canvas.colour((0.04 + 0.13 * (y_h1 / STREET).clamp(0, 1) ** 2 + 0 * x_1w)[None])
    street_13 = canvas.colour((0.14 - 0.08 * depth_h1 + 0 * x_1w)[None])
    wet = smoothstep(STREET - 0.012, STREET + 0.012, y_h1).expand(len(canvas.time_F), -1, x_1w.shape[1])
    return lay(sky_13 + air_F3, street_13 + 0.9 * shine_F3, wet).clamp(0, 1)


def _colours(canvas: Canvas) -> Tensor:
    """Return the colours (K, 3) of the lights, spread over the lit part of the palette."""
    place_K = 0.45 + 0.5 * canvas.rand(NUM_DISCS)
    return canvas.colour(place_K[:, None, None])[:, :, 0, 0]
