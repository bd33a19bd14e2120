"""The queue of one rank, alone."""

import torch

from fifo_live.engine.latent_queue import LatentQueue
from fifo_live.engine.ranks import Neighbours
from fifo_live.engine.window import Window, plan_segments, plan_windows

SEGMENT = plan_segments(plan_windows(8, 12, 4), 1, 1)[0]


def numbers(count: int, begin: int = 0) -> torch.Tensor:
    """Latents that can be told apart: one value each."""
    return torch.arange(begin, begin + count, dtype=torch.float32)[:, None, None, None]


def queue(*, keeps_x0: bool = False) -> LatentQueue:
    return LatentQueue(SEGMENT, Neighbours(0, 1), numbers(8), numbers(8) if keeps_x0 else None)


def test_head_leaves_and_noise_enters() -> None:
    """A shift returns the head, moves all others up by a chunk and puts fresh noise at the tail."""
    latents = queue()
    left = latents.shift(2, lambda: numbers(2, 100))
    assert left is not None and left.flatten().tolist() == [0, 1]
    assert latents.read(Window(0, 0, 8)).flatten().tolist() == [2, 3, 4, 5, 6, 7, 100, 101]


def test_what_has_left_becomes_context() -> None:
    """The last latents that have left can be read in front of the head, as many as the halo holds."""
    latents = queue()
    for step in range(6):
        latents.shift(1, lambda step=step: numbers(1, 50 + step))  # type: ignore[misc]
    assert latents.read(Window(-4, -4, 0)).flatten().tolist() == [2, 3, 4, 5]


def test_the_sink_is_read_in_front() -> None:
    """What is kept stands in front of a window that asks for it, however far the queue has moved."""
    latents = queue()
    latents.keep(numbers(1, 70)[0])
    for step in range(20):
        latents.shift(1, lambda step=step: numbers(1, 50 + step))  # type: ignore[misc]
    assert latents.read(Window(-2, 0, 2, sink=-20)).flatten().tolist() == [70, 60, 61, 62, 63]
    assert latents.read(Window(-2, 0, 2)).flatten().tolist() == [60, 61, 62, 63]


def test_writes_where_told() -> None:
    """Only the written positions change, and the x0 travels with its latent."""
    latents = queue(keeps_x0=True)
    position = torch.tensor([1, 3])
    latents.write(position, numbers(2, 20), numbers(2, 30))
    assert latents.read(Window(0, 0, 4)).flatten().tolist() == [0, 20, 2, 21]
    latents.shift(1, lambda: numbers(1))
    x, x0 = latents.state(position - 1)
    assert x0 is not None
    assert (x.flatten().tolist(), x0.flatten().tolist()) == ([20, 21], [30, 31])


def test_memory_is_constant() -> None:
    """The state is one tensor of one size, however many latents pass through."""
    latents = queue()
    size = latents._x_FSCHW.numel()
    for _ in range(100):
        latents.shift(1, lambda: numbers(1))
    assert latents._x_FSCHW.numel() == size
