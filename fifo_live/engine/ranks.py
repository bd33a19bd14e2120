"""Ranks: how they find each other, how all get the same commands before the same tick, and what they exchange.

There is one exchange per tick, every rank with both of its neighbours at once; now and then a new sink goes to all.
Rank 0 holds the head of the queue. The last slots of a segment go to the noisier side (they become the neighbour's
halo), the first ones to the cleaner side (the queue shifts across the border).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor

from fifo_live.errors import RankLostError

# A paused stream leaves the ranks waiting in a broadcast for as long as it is paused; a dead rank is noticed at once
# all the same, because its connections break.
NO_TIMEOUT = timedelta(days=3650)


@contextmanager
def noticing_lost_ranks() -> Iterator[None]:
    """Give the many ways in which a broken connection between ranks shows one name."""
    try:
        yield
    except RuntimeError as error:
        raise RankLostError("One of the ranks has ended; all of them start again.") from error


@dataclass(frozen=True)
class Ranks:
    """This process among its peers. With one rank nothing is ever sent."""

    rank: int
    num_ranks: int
    local_rank: int
    control: dist.ProcessGroup | None

    @classmethod
    def join(cls, rank: int, num_ranks: int, device_type: str, meeting: str) -> "Ranks":
        """Meet the other ranks of this machine in the file `meeting`, which only this user can open."""
        if num_ranks == 1:
            return cls(0, 1, 0, None)
        backend = "nccl" if device_type == "cuda" else "gloo"
        with noticing_lost_ranks():
            store = dist.FileStore(meeting, num_ranks)  # type: ignore[attr-defined]
            dist.init_process_group(backend, store=store, rank=rank, world_size=num_ranks, timeout=NO_TIMEOUT)
            control = dist.new_group(backend="gloo", timeout=NO_TIMEOUT) if backend == "nccl" else dist.group.WORLD
        return cls(rank, num_ranks, rank, control)

    def broadcast(self, value: bytes | None) -> bytes | None:
        """Return rank 0's `value` on every rank; None, the usual case, costs one message of eight bytes.

        Raises: RankLostError if another rank is gone.
        """
        if self.num_ranks == 1:
            return value
        with noticing_lost_ranks():
            return self._broadcast(value)

    def _broadcast(self, value: bytes | None) -> bytes | None:
        payload = value if self.rank == 0 and value is not None else b""
        size = torch.tensor([len(payload)])
        dist.broadcast(size, 0, self.control)
        if not int(size):
            return None
        buffer = torch.empty(int(size), dtype=torch.uint8)
        if self.rank == 0:
            buffer = torch.frombuffer(bytearray(payload), dtype=torch.uint8)
        dist.broadcast(buffer, 0, self.control)
        return buffer.numpy().tobytes()

    def leave(self) -> None:
        """Say goodbye to the others."""
        if self.num_ranks > 1:
            dist.destroy_process_group()


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
