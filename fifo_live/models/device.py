"""The device and the number of threads of a rank."""

import os

import torch

from fifo_live.errors import ConfigError


def check_ranks(name: str, num_ranks: int) -> None:
    """Make sure that there is a device for each rank, before they look for each other.

    Raises: ConfigError if there are too few.
    """
    if name == "cpu" or not torch.cuda.is_available():
        return
    count = torch.cuda.device_count()
    if num_ranks > count:
        raise ConfigError(
            f"engine.ranks is {num_ranks}, but this machine has {_counted(count, 'GPU')}. "
            f"Use at most {_counted(count, 'rank')}."
        )


def choose_device(name: str, local_rank: int) -> torch.device:
    """Return the device of a rank: `auto` takes a GPU if there is one.

    Raises: ConfigError for a device that is not there.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda":
        if not torch.cuda.is_available():
            raise ConfigError("model.device is 'cuda', but PyTorch sees no GPU; use 'cpu' or 'auto'.")
        device = torch.device("cuda", local_rank)
        torch.cuda.set_device(device)
        return device
    if name != "cpu":
        raise ConfigError(f"model.device is {name!r}; it must be auto, cpu or cuda.")
    return torch.device("cpu")


def num_cpus() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def set_threads(threads: int, num_ranks: int) -> None:
    """Give the network half of the rank's share of the cores, unless the number of threads is given.

    The decoder works beside it with as many, and neither waits for the other. Using all cores for each in turn is no
    faster on an idle machine, and several times slower as soon as a browser wants a core: every operation then waits
    for the thread that was put aside.
    """
    torch.set_num_threads(threads or max(1, num_cpus() // (2 * num_ranks)))


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
