"""Tests of the processes of several ranks, which live and end together."""

import sys
from pathlib import Path

import psutil
import pytest

from fifo_live.config import Config
from fifo_live.link.process import Task
from fifo_live.link.rank_processes import Workers

ONE_ENDS = """
import os, sys, time
if os.environ["RANK"] == sys.argv[1]:
    sys.exit(7)
time.sleep(600)
"""


def children() -> set[int]:
    """Return the numbers of the processes that this one has started."""
    return {process.pid for process in psutil.Process().children()}


def task(ranks: int) -> Task:
    return Task(Config().with_values(engine={"ranks": ranks}), "", "")


async def test_the_first_end_is_the_one_that_is_told() -> None:
    """With several ranks it is said which one it was; the others are ended with it."""
    before = children()
    workers = await Workers.start([sys.executable, "-c", ONE_ENDS, "1"], task(3))
    assert len(children() - before) == 3 and workers.pid in children() - before
    assert workers.rss_bytes() > 1e6
    assert await workers.wait() == "rank 1: exit code 7"
    assert await workers.end(0.0) == "rank 1: exit code 7"
    assert children() == before and workers.rss_bytes() == 0


async def test_of_one_rank_no_number_is_said() -> None:
    """There is nothing to tell apart."""
    workers = await Workers.start([sys.executable, "-c", ONE_ENDS, "0"], task(1))
    assert await workers.wait() == "exit code 7"
    assert await workers.end(0.0) == "exit code 7"


async def test_what_cannot_be_started_leaves_nothing(tmp_path: Path) -> None:
    """The error is the system's, and there is no process."""
    before = children()
    with pytest.raises(OSError):
        await Workers.start([str(tmp_path / "no_python")], task(2))
    assert children() == before
