"""The processes of one worker, one for each rank; they start and end together."""

import asyncio
from collections.abc import Sequence

from fifo_live.link.process import Task, WorkerProcess


class Workers:
    """One process for each rank. The first that ends is the end of all; how it ended is what is told."""

    def __init__(self, processes: Sequence[WorkerProcess]) -> None:
        self._processes = processes
        self._first_end: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._ends = [asyncio.create_task(self._follow(rank, process)) for rank, process in enumerate(processes)]

    @classmethod
    async def start(cls, command: Sequence[str], task: Task) -> "Workers":
        """Start a process for every rank.

        Raises: OSError if one cannot be started; the others are ended then.
        """
        started: list[WorkerProcess] = []
        try:
            for rank in range(task.config.engine.ranks):
                started.append(await WorkerProcess.start(command, task.environment(rank)))
        except BaseException:
            await cls(started).end(0.0)
            raise
        return cls(started)

    @property
    def pid(self) -> int:
        """The number of rank 0's process."""
        return self._processes[0].pid

    def rss_bytes(self) -> int:
        """Return the memory that all ranks hold."""
        return sum(process.rss_bytes() for process in self._processes)

    async def wait(self) -> str:
        """Wait until a rank has ended and return how, for people."""
        return await asyncio.shield(self._first_end)

    async def end(self, grace_s: float) -> str:
        """Wait a while for all ranks to end by themselves, then make them; returns how the first one ended."""
        await asyncio.gather(*(process.end(grace_s) for process in self._processes), *self._ends)
        return self._first_end.result() if self._processes else ""

    async def _follow(self, rank: int, process: WorkerProcess) -> None:
        how = await process.wait()
        if not self._first_end.done():
            self._first_end.set_result(how if len(self._processes) == 1 else f"rank {rank}: {how}")
