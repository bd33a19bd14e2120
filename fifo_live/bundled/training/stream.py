"""A plain diagonal stream, to look at a model in training: one window, Euler steps, clean context in front.

Shapes: N queue, K context, F = K + N window, C channels, H W latent size, E conditioning entries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

Network = Callable[[Tensor, Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Diagonal:
    levels: int = 8
    context: int = 2
    seed: int = 0
    shift: float = 1.0

    def times(self) -> Tensor:
        """Time by the number of steps left, bent as the ladder's shift bends it."""
        even = torch.arange(self.levels + 1) / self.levels
        return self.shift * even / (1 + (self.shift - 1) * even)


@torch.inference_mode()
def stream(
    network: Network, shape: tuple[int, int, int], prompts: Callable[[int], Tensor], diagonal: Diagonal
) -> Iterator[Tensor]:
    """Yield clean latents (C, H, W) without end; prompts(index) is the conditioning (E) of the latent of that index."""
    levels, times = diagonal.levels, diagonal.times()
    generator = torch.Generator().manual_seed(diagonal.seed)
    queue = torch.randn(levels, *shape, generator=generator)
    conds = torch.stack([prompts(index) for index in range(levels)])
    steps_left = torch.full((levels,), levels)
    context, context_conds = queue[:0], conds[:0]
    born = levels
    waiting = levels - 1  # slots at the tail that have not begun
    while True:
        x, cond = torch.cat((context, queue)), torch.cat((context_conds, conds))
        time = torch.cat((torch.zeros(len(context)), times[steps_left]))
        flow = network(x[None], time[None], cond[None])[0, len(context) :]
        moving = levels - waiting
        stride = (times[steps_left] - times[steps_left - 1])[:moving].view(-1, 1, 1, 1)
        queue = torch.cat((queue[:moving] - flow[:moving] * stride, queue[moving:]))
        steps_left = torch.cat((steps_left[:moving] - 1, steps_left[moving:]))
        waiting = max(waiting - 1, 0)
        if steps_left[0] > 0:
            continue
        yield queue[0]
        context = torch.cat((context, queue[:1]))[-diagonal.context :] if diagonal.context else context
        context_conds = (
            torch.cat((context_conds, conds[:1]))[-diagonal.context :] if diagonal.context else context_conds
        )
        queue = torch.cat((queue[1:], torch.randn(1, *shape, generator=generator)))
        conds = torch.cat((conds[1:], prompts(born)[None]))
        steps_left = torch.cat((steps_left[1:], torch.tensor([levels])))
        born += 1
