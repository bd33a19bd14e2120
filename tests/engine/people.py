"""Who watches a worker in a test: takes every frame at once and remembers all it is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from fifo_live.config import Config
from fifo_live.link.frame import Frame
from fifo_live.link.messages import Accepted, Request, Steer
from fifo_live.link.supervisor import Notice, Supervisor
from fifo_live.link.timeouts import Timeouts
from fifo_live.protocol.cues import WeightedPrompt

TOY = Config.from_dict({"model": {"name": "tests.toy:load", "seed": 5}, "engine": {"threads": 1}})
TIMEOUT_S = 120

Found = TypeVar("Found")


class ViewerSessions:
    """Takes every frame at once and remembers all it is told."""

    def __init__(self, config: Config, limits: Timeouts | None = None) -> None:
        self.frames: list[Frame] = []
        self.notices: list[Notice] = []
        self._changed = asyncio.Condition()
        self.supervisor = Supervisor(config, self._take_frame, self._take_notice, limits=limits)

    def _take_frame(self, frame: Frame) -> None:
        self.frames.append(frame)
        asyncio.get_running_loop().call_soon(self.supervisor.credit, 1)
        self._tell()

    def _take_notice(self, notice: Notice) -> None:
        self.notices.append(notice)
        self._tell()

    def _tell(self) -> None:
        async def notify() -> None:
            async with self._changed:
                self._changed.notify_all()

        self._task = asyncio.ensure_future(notify())

    async def until(self, condition: Callable[[], Found]) -> Found:
        """Wait until something is true."""
        async with asyncio.timeout(TIMEOUT_S), self._changed:
            while not (found := condition()):
                await self._changed.wait()
            return found

    async def frames_until(self, count: int) -> list[Frame]:
        """Wait until so many frames have come."""
        await self.until(lambda: len(self.frames) >= count)
        return self.frames

    async def ask(self, request: Request) -> Accepted:
        return await self.supervisor.request(request)


@asynccontextmanager
async def audience(config: Config = TOY, limits: Timeouts | None = None) -> AsyncIterator[ViewerSessions]:
    """Start a worker and stop it at the end."""
    people = ViewerSessions(config, limits)
    await people.supervisor.start()
    try:
        yield people
    finally:
        await people.supervisor.stop()


def steer(text: str, **values: float) -> Steer:
    return Steer(request=0, prompts=[WeightedPrompt(text=text)], **values)  # type: ignore[arg-type]
