"""Training with several processes, one thread each: all take the same steps, on windows of their own."""

from __future__ import annotations

import os
from collections.abc import Iterable

import torch
import torch.distributed as dist
from torch.nn import Parameter


def join() -> None:
    """Meet the other processes, if the command was started by torchrun."""
    if "RANK" in os.environ and not dist.is_initialized():
        dist.init_process_group("gloo")


def world_size() -> int:
    return dist.get_world_size() if dist.is_initialized() else 1


def is_first() -> bool:
    return not dist.is_initialized() or dist.get_rank() == 0


def all_reduce_max(value: float) -> float:
    """The largest of the processes' values, so that all of them stop at the same step."""
    if world_size() == 1:
        return value
    shared = torch.tensor(value, dtype=torch.float64)
    dist.all_reduce(shared, dist.ReduceOp.MAX)
    return float(shared)


def _average_gradients(parameters: Iterable[Parameter]) -> None:
    if world_size() == 1:
        return
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    flat = torch.cat([gradient.flatten() for gradient in gradients]) / world_size()
    dist.all_reduce(flat)
    start = 0
    for gradient in gradients:
        gradient.copy_(flat[start : start + gradient.numel()].view_as(gradient))
        start += gradient.numel()


def all_reduce_gradients(parameters: Iterable[Parameter], largest: float) -> None:
    """Give all processes the mean of their gradients, no longer than `largest`."""
    parameters = list(parameters)
    _average_gradients(parameters)
    torch.nn.utils.clip_grad_norm_(parameters, largest)
