"""Fire: tongues of flame that rise from the lower edge."""

from __future__ import annotations

import torch
from torch import Tensor

from fifo_live.training.canvas import Canvas, sample, smoothstep


def draw(canvas: Canvas) -> Tensor:
    y_h1, x_1w = canvas.grid()
    big, small = canvas.noise(4, 2), canvas.noise(8, 3)
    centre = canvas.aspect / 2 + canvas.uniform(-0.25, 0.25)
    spread = canvas.uniform(0.42, 0.85)
    rise = canvas.clock
    lean = 0.10 * sample(big, 0.2 * y_h1 - 0.1 * rise, 0.05 * rise + 0 * x_1w) * (1 - y_h1)
    x = x_1w - centre - lean
    tongue = sample(big, x * 0.55 + centre, y_h1 * 0.36 + 0.30 * rise)
    lick = sample(small, x * 0.50 + 0.08 * tongue, y_h1 * 0.32 + 0.42 * rise)
    bed = torch.exp(-((x / spread) ** 2) * 1.2)
    height = bed * (0.62 + 0.36 * tongue)
    heat = height - (1 - y_h1) * 0.86 + 0.30 * lick * (0.4 + (1 - y_h1))
    core = smoothstep(-0.16, 0.55, heat)
    halo = 0.12 * bed * smoothstep(-0.9, 0.3, heat)
    return canvas.enlarge(canvas.colour(core * 0.98 + halo * (1 - core)))
