"""Clouds: soft heaps of cloud moving over an open sky."""

from __future__ import annotations

from torch import Tensor

from fifo_live.training.canvas import Canvas, lay, sample, smoothstep


def draw(canvas: Canvas) -> Tensor:
    y_h1, x_1w = canvas.grid()
    shape_tile, fine_tile = canvas.noise(4, 3, 0.55), canvas.noise(8, 3)
    cover = canvas.uniform(-0.12, 0.12)
    move = 0.045 * canvas.clock * canvas.sideways()
    flat = 1.0 + 0.9 * y_h1  # heaps grow flatter towards the horizon
    u = (x_1w - canvas.aspect / 2) * 0.34 - move
    v = y_h1 * 0.42 * flat + 0.006 * canvas.clock
    fine = sample(fine_tile, u * 1.5 + 0.01 * canvas.clock, v * 1.5)
    body = sample(shape_tile, u, v) + 0.22 * fine - cover
    lit = body - sample(shape_tile, u, v - 0.035)
    thick = smoothstep(-0.12, 0.42, body)
    sky = canvas.colour(0.34 + 0.26 * y_h1 + 0 * thick)
    heap = canvas.colour((0.80 - 0.22 * smoothstep(0.1, 0.9, body) + 0.7 * lit).clamp(0.45, 1.0))
    return canvas.enlarge(lay(sky, heap, thick))
