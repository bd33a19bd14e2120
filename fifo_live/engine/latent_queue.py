"""The part of the diagonal that one rank owns, with the halo it reads in front of it.

Shape suffixes: F latent frames, C channels, H and W latent height and width, S state kinds (the latent, and its last
x0 where the solver needs it).
"""

from collections.abc import Callable

import torch
from torch import Tensor

from fifo_live.engine.ranks import Neighbours
from fifo_live.engine.window import Segment, Window


class LatentQueue:
    """`[halo | segment]` in one tensor, and apart from it the sink and what lies ahead.

    Rank 0's halo holds the clean latents that have just left. As long as it is not full, the first slots of the next
    rank stand in for it: they lie ahead, and arrive at the end of every tick. A new queue is given them behind the
    segment.

    Positions count from the head of the whole queue; the halo lies at the positions before the segment.
    """

    def __init__(self, segment: Segment, neighbours: Neighbours, x_FCHW: Tensor, x0_FCHW: Tensor | None = None) -> None:
        self._segment = segment
        self._neighbours = neighbours
        self._halo = segment.halo
        self._num_left = 0
        state_FSCHW = torch.stack([x_FCHW] if x0_FCHW is None else [x_FCHW, x0_FCHW], dim=1)
        length = segment.stop - segment.start
        state_FSCHW, self._ahead_FCHW = state_FSCHW[:length], state_FSCHW[length:, 0]
        self._x_FSCHW = torch.cat([torch.zeros_like(state_FSCHW[:1]).repeat(self._halo, 1, 1, 1, 1), state_FSCHW])
        self._sink_CHW: Tensor | None = None

    def read(self, window: Window) -> Tensor:
        """Return the latents that a window reads: (F, C, H, W)."""
        first = self._halo - self._segment.start
        x_FCHW = self._x_FSCHW[first + window.start : first + window.read_stop, 0]
        beyond = window.read_stop - self._segment.stop
        if beyond > 0:
            x_FCHW = torch.cat([x_FCHW, self._ahead_FCHW[:beyond]])
        if window.sink is None:
            return x_FCHW
        assert self._sink_CHW is not None, "a window is only behind a sink that is kept"
        return torch.cat([self._sink_CHW[None], x_FCHW])

    def keep(self, x_CHW: Tensor | None) -> None:
        """Make a latent that has left the sink of all ranks; called on all of them, with None on all but rank 0."""
        self._sink_CHW = self._neighbours.from_head(torch.empty_like(self._x_FSCHW[0, 0]) if x_CHW is None else x_CHW)

    def state(self, position: Tensor) -> tuple[Tensor, Tensor | None]:
        """Return the latents at `position` (F,) of the segment and their last x0, None where the solver needs none."""
        state = self._x_FSCHW[self._rows(position)]
        return state[:, 0], state[:, 1] if state.shape[1] > 1 else None

    def write(self, position: Tensor, x_FCHW: Tensor, x0_FCHW: Tensor | None) -> None:
        """Put what one solver step has made of the latents at `position` (F,)."""
        state = [x_FCHW] if x0_FCHW is None else [x_FCHW, x0_FCHW]
        self._x_FSCHW[self._rows(position)] = torch.stack(state, dim=1)

    def share(self) -> None:
        """End a tick without a shift: the halo gets the neighbour's newest state."""
        halo, _ = self._neighbours.exchange(self._x_FSCHW[:0], self._tail(self._halo), self._halo, 0)
        if halo is not None:
            self._x_FSCHW[: self._halo] = halo
        self._look_ahead()

    def shift(self, chunk: int, fresh: Callable[[], Tensor]) -> Tensor | None:
        """End a tick with a shift by `chunk`: the head leaves, `fresh` noise (chunk, C, H, W) enters at the tail.

        Returns the latents that have left the whole queue (F, C, H, W) on rank 0, None on the others.
        """
        head = self._x_FSCHW[self._halo : self._halo + chunk].clone()
        from_tail = max(self._halo - chunk, 0)
        halo, entering = self._neighbours.exchange(head, self._tail(from_tail), from_tail, chunk)
        self._x_FSCHW[:-chunk] = self._x_FSCHW[chunk:].clone()
        if halo is not None:
            self._x_FSCHW[:from_tail] = halo
        self._x_FSCHW[-chunk:] = self._born(fresh()) if entering is None else entering
        self._num_left += chunk
        self._look_ahead()
        return head[:, 0] if self._neighbours.cleaner is None else None

    @property
    def _num_received(self) -> int:
        """How many slots lie ahead: only the first of several ranks looks there."""
        is_first = self._neighbours.cleaner is None and self._neighbours.noisier is not None
        return self._segment.ahead if is_first and self._num_left < self._halo else 0

    def _look_ahead(self) -> None:
        """Let rank 0 have the newest state of what it sees of rank 1's segment."""
        is_second = self._neighbours.cleaner == 0 and self._num_left < self._halo
        rows = self._x_FSCHW[self._halo : self._halo + (self._segment.ahead if is_second else 0), 0]
        _, ahead = self._neighbours.exchange(rows, self._x_FSCHW[:0, 0], 0, self._num_received)
        if ahead is not None:
            self._ahead_FCHW = ahead

    def _born(self, noise_FCHW: Tensor) -> Tensor:
        state = torch.zeros((len(noise_FCHW), *self._x_FSCHW.shape[1:]), device=self._x_FSCHW.device)
        state[:, 0] = noise_FCHW
        return state

    def _tail(self, rows: int) -> Tensor:
        return self._x_FSCHW[len(self._x_FSCHW) - rows :]

    def _rows(self, position: Tensor) -> Tensor:
        return position - self._segment.start + self._halo
