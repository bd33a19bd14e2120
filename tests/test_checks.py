"""Facts about what `fifo-live doctor` finds out about shared memory."""

import pytest

from fifo_live.commands.checks import Verdict, memory_ring
from fifo_live.config import Config
from fifo_live.link import shared_memory as shared

DOCKER_BYTES = 64 * 2**20


def test_a_ring_that_fits_is_good() -> None:
    """What is said to be there was taken and given back."""
    (finding,) = memory_ring(Config())
    assert (finding.verdict, finding.fact) == (Verdict.GOOD, "32 MiB available")


@pytest.mark.parametrize(
    ("free", "sections", "verdict"),
    [
        (2**20, {}, Verdict.BAD),
        (DOCKER_BYTES, {}, Verdict.GOOD),
        (DOCKER_BYTES, {"stream": {"buffer_frames": 240}}, Verdict.BAD),
        (DOCKER_BYTES, {"stream": {"buffer_frames": 240}, "model": {"width": 256, "height": 144}}, Verdict.GOOD),
    ],
)
def test_what_is_wanted_is_compared_with_what_is_there(
    monkeypatch: pytest.MonkeyPatch, free: int, sections: dict[str, dict[str, int]], verdict: Verdict
) -> None:
    """A memory of 1 MiB is bad, and so is that of a container where the configuration wants more."""
    monkeypatch.setattr(shared, "free_bytes", lambda: free)
    (finding,) = memory_ring(Config().with_values(**sections))
    assert finding.verdict is verdict
    if verdict is Verdict.BAD:
        assert f"/dev/shm has {free:,} bytes" in finding.fact and "--shm-size" in finding.advice
