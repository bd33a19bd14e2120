"""`fifo-live bench churn`: whether a server stays what it was while viewers come and go.

A real server with a source that costs nothing is joined and left again and again, in all ways in which viewers leave.
Its memory late is compared with that early on, both when everybody is gone, and tasks and files that stay are counted.
"""

import asyncio
import random
import re
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fifo_live.bench.server_process import ServerProcess, arguments_of
from fifo_live.bench.visitor import Leaving, Visitor, undecoded
from fifo_live.config import Config

START_TIMEOUT_S = 120.0
EMPTY_TIMEOUT_S = 120.0
POLL_S = 1.0
NUM_AT_ONCE = 4
NUM_ROUNDS = 4
"""Of equal rounds: memory is read after the first, when caches and pools are filled, and after the last."""
SHARES = {Leaving.DELETE: 55, Leaving.CLOSE: 20, Leaving.VANISH: 10, Leaving.POST_ONLY: 15}
STILL = "fifo_live.bench.still:load"

Figures = dict[str, Any]


def measure(config: Config, joins: int = 2000) -> Figures:
    """Return how a server does under so many joins; 2,000 take a few minutes."""
    # Room also for those who have vanished and are not missed yet.
    settings = config.with_values(model={"name": STILL}, server={"max_viewers": 1000})
    with TemporaryDirectory() as folder:
        with ServerProcess(arguments_of(settings), Path(folder) / "server.log") as server:
            server.wait_until("/readyz", START_TIMEOUT_S)
            figures = asyncio.run(_visit_all(server, joins))
            return figures | {"tracebacks": server.output.count("Traceback")}


async def _visit_all(server: ServerProcess, joins: int) -> Figures:
    rounds = _rounds(joins)
    before = await asyncio.to_thread(_read, server)
    begin_s = time.monotonic()
    results: Counter[str] = Counter()
    after: list[dict[str, float]] = []
    with undecoded():
        for ways in rounds:
            results += await _visit(server, ways)
            after.append(await asyncio.to_thread(_when_empty, server))
    early, late = after[0], after[-1]
    counts = Counter(way for ways in rounds for way in ways)
    return {
        "joins": joins,
        **{str(way): counts[way] for way in SHARES},
        "refused": results["refused"],
        "not_connected": results["not connected"],
        "seconds": time.monotonic() - begin_s,
        "early_mb": early["server_resident_bytes"] / 2**20,
        "late_mb": late["server_resident_bytes"] / 2**20,
        "growth": late["server_resident_bytes"] / early["server_resident_bytes"],
        "tasks_left": int(late["server_tasks"] - before["server_tasks"]),
        "files_left": int(late["server_open_files"] - before["server_open_files"]),
    }


def _rounds(joins: int) -> list[list[Leaving]]:
    """Return how the viewers of each round leave.

    Those who vanish come first: the server misses them half a minute later, so they all are there at the same time, and
    every round needs as much memory as any other.
    """
    dice = random.Random(joins)
    rounds = [_ways(joins * (number + 1) // NUM_ROUNDS - joins * number // NUM_ROUNDS) for number in range(NUM_ROUNDS)]
    for ways in rounds:
        dice.shuffle(ways)
        ways.sort(key=lambda way: way is not Leaving.VANISH)
    return [ways for ways in rounds if ways]


def _ways(num_visits: int) -> list[Leaving]:
    """Return how so many viewers leave, each way having its share."""
    ways, total, before = [], sum(SHARES.values()), 0
    for way, share in SHARES.items():
        ways += [way] * ((before + share) * num_visits // total - before * num_visits // total)
        before += share
    return ways


async def _visit(server: ServerProcess, ways: list[Leaving]) -> Counter[str]:
    """Make all visits, a few at a time."""
    results: Counter[str] = Counter()
    todo = iter(ways)

    async def visit_one_after_the_other() -> None:
        for way in todo:
            results[await Visitor(server.url).visit(way)] += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(NUM_AT_ONCE):
            group.create_task(visit_one_after_the_other())
    return results


def _when_empty(server: ServerProcess) -> dict[str, float]:
    """Return the server's figures once nobody watches or waits any more, or after a while."""
    deadline_s = time.monotonic() + EMPTY_TIMEOUT_S
    while time.monotonic() < deadline_s:
        figures = _read(server)
        if figures["viewers"] == figures["viewers_waiting"] == 0:
            break
        time.sleep(POLL_S)  # another process: there is no event to wait for
    time.sleep(POLL_S)
    return _read(server)


def _read(server: ServerProcess) -> dict[str, float]:
    text = server.request("GET", "/metrics")
    return {name: float(value) for name, value in re.findall(r"^fifo_live_(\w+) (\S+)$", text, re.MULTILINE)}
