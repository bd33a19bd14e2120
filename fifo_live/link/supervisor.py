"""Keeps a worker running: starts it, talks to it, and restarts it where it ended.

The supervisor owns what must outlive a worker: the frame ring, the journal of cues, and the requests without answer.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from fifo_live.config import Config
from fifo_live.errors import EngineUnavailableError
from fifo_live.link.end_cause import Cause
from fifo_live.link.frame import Frame
from fifo_live.link.frame_reader import Shelf
from fifo_live.link.frame_watch import Pulse
from fifo_live.link.listener import Listener
from fifo_live.link.messages import Accepted, Attach, Credit, Event, Failed, FrameReady, Ready, Rejected, Request
from fifo_live.link.process import WORKER_MODULE
from fifo_live.link.requests import PendingRequests
from fifo_live.link.resume import Memory
from fifo_live.link.session import WorkerSession
from fifo_live.link.silence_watch import patience
from fifo_live.link.state import TRANSITIONS, StateChange
from fifo_live.link.timeouts import Timeouts
from fifo_live.protocol.model import ModelInfo
from fifo_live.protocol.state import EngineState, Progress

logger = logging.getLogger(__name__)

Notice = Event | StateChange


class Supervisor:
    """Runs one worker after the other, so that the stream goes on.

    `on_frame` gets each frame in order; `on_event` everything else a worker says, and each change of state.
    """

    def __init__(
        self,
        config: Config,
        on_frame: Callable[[Frame], None],
        on_event: Callable[[Notice], None],
        *,
        module: str = WORKER_MODULE,
        limits: Timeouts | None = None,
    ) -> None:
        self._config = config
        self._on_frame = on_frame
        self._on_event = on_event
        self._module = module
        self._limits = limits or Timeouts()
        self._door = Listener()
        self._pending = PendingRequests()
        self._memory = Memory(seed=config.model.seed)
        self._shelf = Shelf(config.stream.buffer_frames)
        self._pulse = Pulse(self._limits.stall_s, self._stall)
        self._life = WorkerSession(self._door, self._limits, self)
        self._task: asyncio.Task[None] | None = None
        self._early_deaths = 0
        self._cause = Cause()
        self.state = EngineState.STOPPED
        self.message = ""
        self.info: ModelInfo | None = None
        self.progress: Progress | None = None
        self.num_restarts = 0

    @property
    def memory(self) -> Memory:
        """What the next worker would start with."""
        return self._memory

    @property
    def worker_rss_bytes(self) -> int:
        """The memory that the worker's processes hold."""
        return self._life.rss_bytes

    @property
    def worker_pid(self) -> int:
        """The number of the worker's process; 0 if there is none."""
        return self._life.pid

    async def start(self) -> None:
        """Start the first worker; returns at once."""
        await self._door.open()
        self._to(EngineState.STARTING)
        self._task = asyncio.create_task(self._keep_running(), name="supervisor")

    async def stop(self) -> None:
        """End the worker and free the memory; a second call does nothing."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        self._pending.fail_all("The server ends.")
        await self._door.close()
        self._shelf.close()
        if self.state is not EngineState.STOPPED:
            self._to(EngineState.STOPPED)

    async def wait(self) -> None:
        """Wait until there will be no further worker.

        Raises: what broke the supervisor, which is a bug.
        """
        if self._task is not None:
            await asyncio.shield(self._task)

    def credit(self, frames: int) -> None:
        """Say that so many frames were taken, so that the worker may make as many more."""
        if not self._shelf.has_room and self.state in (EngineState.RUNNING, EngineState.STALLED):
            self._pulse.wait()
        due = self._shelf.take_back(frames)
        if due:
            self._life.send(Credit(frames=due))

    async def request(self, request: Request) -> Accepted:
        """Ask the worker for something and wait for its answer; a worker that dies meanwhile passes the question on.

        Raises: PromptError if it is refused, EngineUnavailableError if nobody answers in time.
        """
        if self.state in (EngineState.FAILED, EngineState.STOPPED):
            raise EngineUnavailableError(self.message or "The engine is not running.")
        numbered, answer = self._pending.open(request)
        if self._shelf.is_attached:
            for unsent in self._pending.to_send():
                self._life.send(unsent)
        try:
            async with patience(self._limits.request_s):
                return await answer
        except TimeoutError as error:
            raise EngineUnavailableError(
                f"The engine has not answered for {self._limits.request_s:g} s (it is {self.state})."
            ) from error
        finally:
            self._pending.give_up(numbered)

    async def _keep_running(self) -> None:
        while True:
            self._cause = Cause()
            reason = self._cause.sentence(await self._life.run(self._config, self._module))
            self._shelf.detach()
            self._pulse.rest()
            self._pending.lose(reason)
            self._early_deaths += 1
            if self._cause.is_fatal:
                return self._fail(reason)
            if self._early_deaths >= self._limits.early_deaths:
                return self._fail(
                    f"The worker ended {self._early_deaths} times before its first frame; the last reason: {reason}"
                )
            self.num_restarts += 1
            self._to(EngineState.RESTARTING, reason)
            wait_s = self._limits.backoff_s * 2 ** (self._early_deaths - 1)
            await asyncio.sleep(min(wait_s, self._limits.max_backoff_s))
            self._to(EngineState.STARTING)

    def greet(self) -> None:
        """Tell a worker that has just come where the stream goes on."""
        self._to(EngineState.LOADING)
        self._life.send(self._memory.start())

    def may_be_silent(self) -> bool:
        """Return whether it is in order that the worker says nothing: while it loads or rests."""
        return self.state in (EngineState.LOADING, EngineState.PAUSED)

    def take(self, event: Event) -> None:
        """Act on what the worker says.

        Raises: ValueError for an event that makes no sense, SetupError if there is no room for the frames.
        """
        match event:
            case FrameReady():
                self._take_frame(event)
                return
            case Ready():
                self._take_ready(event.info)
            case Accepted() | Rejected():
                self._memory.note(self._pending.settle(event), event)
                self._follow_pause()
            case Progress():
                self.progress = event
                self._beat(self.info.micro_steps if self.info else 1)
            case Failed():
                self._cause.note(event)
        self._on_event(event)

    def _take_ready(self, info: ModelInfo) -> None:
        self.info = info
        self._memory.frames_per_latent = info.frames_per_latent
        ring = self._shelf.attach(info)
        self._life.send(Attach(ring=ring.name, slots=ring.slots))
        self._to(EngineState.WARMING)
        self._pulse.begin(info.chunk * info.frames_per_latent)
        self._follow_pause()
        for request in self._pending.to_send():
            self._life.send(request)

    def _take_frame(self, event: FrameReady) -> None:
        frame = self._shelf.take(event)
        self._memory.note_frame(frame)
        self._early_deaths = 0
        if self.state is EngineState.WARMING:
            self._to(EngineState.RUNNING)
        self._beat()
        self._on_frame(frame)

    def _beat(self, ticks: int = 1) -> None:
        if self.state is EngineState.STALLED:
            self._to(EngineState.RUNNING)
        if self.state in (EngineState.WARMING, EngineState.RUNNING):
            self._pulse.beat(ticks)

    def _stall(self) -> None:
        """Say that frames should have come, unless the worker waits for us or has not begun."""
        if self.state is EngineState.RUNNING and self._shelf.has_room:
            self._to(EngineState.STALLED, f"No frame has arrived for {self._pulse.limit_s:.2g} s.")

    def _follow_pause(self) -> None:
        if self._memory.paused and self.state in (EngineState.WARMING, EngineState.RUNNING, EngineState.STALLED):
            self._to(EngineState.PAUSED)
            self._pulse.rest()
        elif not self._memory.paused and self.state is EngineState.PAUSED:
            self._to(EngineState.RUNNING)
            self._pulse.wait()

    def _fail(self, message: str) -> None:
        logger.error("%s", message)
        self._pending.fail_all(message)
        self._to(EngineState.FAILED, message)

    def _to(self, state: EngineState, message: str = "") -> None:
        assert state in TRANSITIONS[self.state], f"{state} cannot follow {self.state}"
        self.state, self.message = state, message
        if state is EngineState.STARTING:
            self.progress = None
        self._on_event(StateChange(state, message))
