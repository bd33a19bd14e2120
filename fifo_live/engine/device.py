"""Which device a rank computes on, and with how many threads."""

import os

import torch

from fifo_live.errors import ConfigError


def choose_device(name: str, local_rank: int) -> torch.device:
    """Return the device of a rank: `auto` takes a GPU if there is one.

    Raises: ConfigError for a device that is not there.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda":
        if not torch.cuda.is_available():
            raise ConfigError("model.device is 'cuda', but PyTorch sees no GPU; use 'cpu' or 'auto'.")
        count = torch.cuda.device_count()
        if local_rank >= count:
            raise ConfigError(f"Rank {local_rank} has no GPU: this machine has {count}. Use at most {count} ranks.")
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
