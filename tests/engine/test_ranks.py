"""Several processes keep one queue: real ranks over torch.distributed with gloo."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor

from fifo_live.engine.ranks import Ranks
from fifo_live.link.process import loopback_interface
from tests.engine.rank_stream import NUM_TICKS, STREAMS, stream

SCRIPT = Path(__file__).with_name("rank_stream.py")


def launch(num_ranks: int, output: Path) -> dict[str, list[Tensor]]:
    """Run the streams on real ranks; returns what rank 0 saved."""
    root, meeting = Path(__file__).parents[2], output.with_suffix(".meeting")
    processes = [
        subprocess.Popen(
            [sys.executable, str(SCRIPT), str(rank), str(num_ranks), str(meeting), str(output)],
            cwd=root,
            env={"PYTHONPATH": str(root), "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": loopback_interface()},
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(num_ranks)
    ]
    for process in processes:
        _, errors = process.communicate(timeout=240)
        assert process.returncode == 0, errors
    streams: dict[str, list[Tensor]] = torch.load(output)
    return streams


@pytest.fixture(scope="module")
def alone() -> dict[str, list[Tensor]]:
    """What a single rank makes of the streams."""
    return {name: stream(name, Ranks(0, 1, 0, None)) for name in STREAMS}


@pytest.mark.parametrize("num_ranks", [2, 3, 5])
def test_ranks_give_the_same_bits(num_ranks: int, alone: dict[str, list[Tensor]], tmp_path: Path) -> None:
    """Two, three and five ranks (eight windows) emit bit for bit what one rank emits, prompts and urgency included."""
    spread = launch(num_ranks, tmp_path / "latents.pt")
    for name, expected in alone.items():
        assert len(spread[name]) == len(expected) > 0
        assert all(torch.equal(a, b) for a, b in zip(spread[name], expected, strict=True)), name


def test_streams_are_long_enough(alone: dict[str, list[Tensor]]) -> None:
    """The comparison covers the start, the steady queue and frames of every cue."""
    assert len(alone["fifo"]) == NUM_TICKS - 63
    assert len(alone["chunks"]) >= 14
    assert len(alone["clip"]) == NUM_TICKS


def test_broadcast_alone_returns_the_value() -> None:
    """A single rank hears itself."""
    ranks = Ranks(0, 1, 0, None)
    assert ranks.broadcast(b"12") == b"12" and ranks.broadcast(None) is None
