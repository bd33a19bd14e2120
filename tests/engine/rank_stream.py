"""One rank of a test stream: `rank_stream.py RANK NUM_RANKS MEETING OUTPUT` saves what rank 0 emits."""

import sys
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from fifo_live.config import EngineConfig
from fifo_live.engine.engine import Engine
from fifo_live.engine.plan import Plan
from fifo_live.engine.ranks import Ranks
from tests.toy import FIFO_SPEC, ToyDenoiser

NUM_TICKS = 120
STREAMS = {
    "fifo": (FIFO_SPEC, EngineConfig()),
    "stochastic": (FIFO_SPEC, EngineConfig(solver="ddim", eta=1.0)),
    "multistep": (FIFO_SPEC, EngineConfig(solver="dpmpp_2m")),
    "cuts": (replace(FIFO_SPEC, cuts=True), EngineConfig()),
    "sink": (replace(FIFO_SPEC, sink=1, window=17), EngineConfig()),
    "clip": (replace(FIFO_SPEC, sink=1, window=17, cuts=True), EngineConfig(solver="dpmpp_2m")),
    "wide": (replace(FIFO_SPEC, context=12), EngineConfig(solver="renoise")),
    "chunks": (replace(FIFO_SPEC, chunk=3, micro_steps=4, levels=16, window=12, context=5), EngineConfig()),
}
CUT = ("stochastic", "wide")
"""Streams whose queue is dropped once while it fills."""


def stream(name: str, ranks: Ranks) -> list[Tensor]:
    """Run a stream with two prompts on the way; returns what has left the queue, on rank 0."""
    spec, config = STREAMS[name]
    plan = Plan.make(spec, replace(config, ranks=ranks.num_ranks))
    engine = Engine(ToyDenoiser(spec), plan, rank=ranks.rank, seed=11)
    if name == "clip":
        engine.begin_with(torch.linspace(-1, 1, 20)[:, None, None, None].expand(-1, *spec.latent_shape))
    emitted = []
    for tick in range(NUM_TICKS):
        if ranks.broadcast(b"now" if tick == 10 and ranks.rank == 0 else None):
            engine.steer(1, (("fire", 1.0),), transition=6)
        if tick == 70:
            engine.steer(2, (("snow", 1.0),), urgency=0.6)
        if tick == 4 and name in CUT:
            engine.cut()
        if (item := engine.step()) is not None:
            emitted.append(item.x_FCHW)
    return emitted


def main() -> None:
    """Join the other ranks, run every stream, save."""
    torch.set_num_threads(1)
    rank, num_ranks, meeting, output = sys.argv[1:]
    ranks = Ranks.join(int(rank), int(num_ranks), "cpu", meeting)
    streams = {name: stream(name, ranks) for name in STREAMS}
    if ranks.rank == 0:
        torch.save(streams, Path(output))
    ranks.leave()


if __name__ == "__main__":
    main()
