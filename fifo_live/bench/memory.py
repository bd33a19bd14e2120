"""`fifo-live bench memory`: whether a stream that runs for long stays flat.

A real server with its workers, not paced, and one viewer; resident memory is that of all their processes together.
"""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from fifo_live.bench.probe_client import ProbeClient
from fifo_live.bench.server_process import ServerProcess, arguments_of
from fifo_live.config import Config
from fifo_live.protocol.stats import Stats

START_TIMEOUT_S = 300.0
STATS_TIMEOUT_S = 3600.0
EARLY, LATE = 500, 5000


def measure(config: Config) -> dict[str, float]:
    """Return the resident memory after 500 and after 5000 frames, in MiB, and its growth as a fraction."""
    with TemporaryDirectory() as folder:
        arguments = arguments_of(config.with_values(stream={"paced": False}))
        with ServerProcess(arguments, Path(folder) / "server.log") as server:
            server.wait_until("/healthz", START_TIMEOUT_S)
            early, late = asyncio.run(_watch(server))
    return {"rss_mb_500": early, "rss_mb_5000": late, "growth": late / early - 1}


async def _watch(server: ServerProcess) -> tuple[float, float]:
    async with ProbeClient(server.url) as witness:
        return await _memory_at(EARLY, server, witness), await _memory_at(LATE, server, witness)


async def _memory_at(frame: int, server: ServerProcess, witness: ProbeClient) -> float:
    """Return the memory in use when a frame has been shown, in MiB."""
    after_s = 0.0
    while True:
        after_s, stats = await witness.message(Stats, STATS_TIMEOUT_S, after_s=after_s)
        if stats.frame >= frame:
            root = psutil.Process(server.process.pid)
            processes = [root, *root.children(recursive=True)]
            return sum(process.memory_info().rss for process in processes) / 2**20
