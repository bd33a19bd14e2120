"""Where a rank computes."""

import pytest
import torch

from fifo_live.errors import ConfigError
from fifo_live.models.device import choose_device, num_cpus, set_threads


def test_cpu_is_always_there() -> None:
    """The CPU can be asked for by name."""
    assert choose_device("cpu", 3) == torch.device("cpu")


def test_auto_finds_something() -> None:
    """Auto takes a GPU where there is one and the CPU elsewhere."""
    assert choose_device("auto", 0).type == ("cuda" if torch.cuda.is_available() else "cpu")


@pytest.mark.parametrize("name", ["tpu", "cuda:0"])
def test_unknown_device(name: str) -> None:
    """Any other name is an error that lists the known ones."""
    with pytest.raises(ConfigError, match="auto, cpu or cuda"):
        choose_device(name, 0)


def test_missing_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A GPU that is not there is not silently replaced by the CPU."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ConfigError, match="sees no GPU"):
        choose_device("cuda", 0)


def test_threads_are_shared_among_ranks() -> None:
    """Ranks of one machine split its cores; a given number is taken as it is."""
    before = torch.get_num_threads()
    try:
        set_threads(0, num_ranks=num_cpus())
        assert torch.get_num_threads() == 1
        set_threads(2, num_ranks=1)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
