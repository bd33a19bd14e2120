"""The one exchange per tick: every rank with both of its neighbours, all at once; and now and then a new sink for all.

Rank 0 holds the head of the queue. The last slots of a segment go to the noisier side (they become the neighbour's
halo), the first ones to the cleaner side (the queue shifts across the border).
"""

import torch
import torch.distributed as dist
from torch import Tensor

from fifo_live.engine.ranks import noticing_lost_ranks


class Neighbours:
    """The cleaner and the noisier neighbour of a rank; with a single rank there are none."""

    def __init__(self, rank: int, num_ranks: int) -> None:
        self.cleaner = rank - 1 if rank > 0 else None
        self.noisier = rank + 1 if rank < num_ranks - 1 else None

    def from_head(self, x: Tensor) -> Tensor:
        """Return rank 0's `x` on every rank; that of the others says only what shape to expect, and is overwritten."""
        if self.cleaner is not None or self.noisier is not None:
            with noticing_lost_ranks():
                dist.broadcast(x, 0)
        return x

    def exchange(
        self, to_cleaner: Tensor, to_noisier: Tensor, from_cleaner: int, from_noisier: int
    ) -> tuple[Tensor | None, Tensor | None]:
        """Send rows to both sides; returns (`from_cleaner` rows, `from_noisier` rows), None where nobody is.

        Tensors are (rows, ...); what is received has the row shape of what is sent that way.
        """
        jobs: list[dist.P2POp] = []
        cleaner = self._pair(jobs, self.cleaner, to_cleaner, to_noisier, from_cleaner)
        noisier = self._pair(jobs, self.noisier, to_noisier, to_cleaner, from_noisier)
        with noticing_lost_ranks():
            for work in dist.batch_isend_irecv(jobs) if jobs else ():
                work.wait()
        return cleaner, noisier

    @staticmethod
    def _pair(jobs: list[dist.P2POp], peer: int | None, send: Tensor, like: Tensor, rows: int) -> Tensor | None:
        if peer is None:
            return None
        received = torch.empty((rows, *like.shape[1:]), dtype=like.dtype, device=like.device)
        if len(send):
            jobs.append(dist.P2POp(dist.isend, send.contiguous(), peer))
        if rows:
            jobs.append(dist.P2POp(dist.irecv, received, peer))
        return received
