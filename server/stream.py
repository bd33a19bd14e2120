"""The running stream: supervisor, media pipeline and cue log; knows no transport."""

import asyncio
import logging
from collections.abc import Callable

from fifo_live.config import Config
from fifo_live.link.frame import Frame
from fifo_live.link.messages import Accepted, EngineStats, Ready, Request
from fifo_live.link.process import WORKER_MODULE
from fifo_live.link.state import StateChange
from fifo_live.link.supervisor import Notice, Supervisor
from fifo_live.link.timeouts import Timeouts
from fifo_live.protocol.answers import OnAir
from fifo_live.protocol.cues import WeightedPrompt
from fifo_live.protocol.state import EngineState
from server.control.cues import CueEntry, CueLog
from server.control.events import FirstFrame
from server.control.forecast import Forecast
from server.media.cadence import Cadence
from server.media.codec import Codec
from server.media.frame import Shot
from server.media.frame_buffer import Source
from server.media.outputs.webrtc.sessions import ViewerSessions
from server.media.pacer import Pacer
from server.media.rendition import Rendition

logger = logging.getLogger(__name__)

DEFAULT_FPS = 24.0

_AT_REST = (
    EngineState.STARTING,
    EngineState.LOADING,
    EngineState.STALLED,
    EngineState.PAUSED,
    EngineState.RESTARTING,
    EngineState.FAILED,
)
"""The states in which the time of the next frame is unknown."""
_ALIVE = (EngineState.WARMING, EngineState.RUNNING, EngineState.STALLED, EngineState.PAUSED)
"""The states in which there is a worker whose figures mean something."""

Listener = Callable[[Notice | OnAir | FirstFrame], None]


class StreamService:
    """Owns the supervisor and the media chain; tells its listeners what happens."""

    def __init__(self, config: Config, *, module: str = WORKER_MODULE, limits: Timeouts | None = None) -> None:
        self.config = config
        self.supervisor = Supervisor(config, self._on_frame, self._on_notice, module=module, limits=limits)
        self.source = Source(self.supervisor.credit, 2 * config.stream.buffer_frames)
        cadence = Cadence(config.stream.fps or DEFAULT_FPS, is_adaptive=config.stream.fps == 0)
        self.pacer = Pacer(self.source, self._is_live, self._show, cadence)
        self.publishers = {codec: Rendition(codec, config.stream) for codec in Codec}
        self.audience = ViewerSessions(config, self.publishers)
        self.cues = CueLog()
        self._forecast = Forecast()
        self.engine_stats: EngineStats | None = None
        self.last_eta_error_s = 0.0
        self.num_accepted = 0
        self.num_rejected = 0
        self._listeners: list[Listener] = []
        self._tasks: list[asyncio.Task[None]] = []

    def listen(self, listener: Listener) -> None:
        """Call `listener` with all that happens from now on; it must not wait."""
        self._listeners.append(listener)

    async def start(self) -> None:
        """Start the worker and the media chain; returns at once."""
        pace = self.pacer.run if self.config.stream.paced else self.pacer.run_unpaced
        jobs = [pace(), *(publisher.encoder.run() for publisher in self.publishers.values())]
        self._tasks = [asyncio.create_task(job) for job in jobs]
        await self.supervisor.start()

    async def stop(self) -> None:
        """Say goodbye to the viewers, end the worker and free everything; a second call does nothing."""
        await asyncio.gather(self.audience.close(), self.supervisor.stop())
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def run(self) -> None:
        """Wait until the supervisor or a part of the media chain breaks, which is a bug.

        Raises: whatever broke it.
        """
        await asyncio.gather(*self._tasks, self.supervisor.wait())

    async def request(self, request: Request) -> Accepted:
        """Ask the engine for something; see Supervisor.request."""
        return await self.supervisor.request(request)

    def eta_s(self, frame: int) -> float | None:
        """Return the seconds until a frame is shown, by the recent rate; None while the stream does not go on."""
        if self.supervisor.state in _AT_REST or self.supervisor.memory.paused:
            return None
        known_fps = self.engine_stats.generated_fps if self.engine_stats else 0.0
        delivered_fps = self._forecast.delivered_per_second(asyncio.get_running_loop().time()) or known_fps
        delivered_fps = delivered_fps or self.pacer.fps
        shown_fps = self.pacer.cadence.fps if self.config.stream.paced else delivered_fps
        num_ahead = frame - self.pacer.position
        return self._forecast.seconds_until(num_ahead, len(self.source), shown_fps, delivered_fps)

    def _is_live(self) -> bool:
        return self.supervisor.state in (EngineState.RUNNING, EngineState.STALLED)

    def _on_frame(self, frame: Frame) -> None:
        self.source.put(frame)
        self._forecast.note_frame(asyncio.get_running_loop().time())

    def _on_notice(self, notice: Notice) -> None:
        if isinstance(notice, Ready):
            self._prepare_for(notice)
        elif isinstance(notice, EngineStats):
            self.engine_stats = notice
        elif isinstance(notice, Accepted) and notice.cue is not None:
            self._note_cue(notice)
        elif isinstance(notice, StateChange):
            self._note_state(notice.state)
        self._tell(notice)

    def _note_state(self, state: EngineState) -> None:
        if state is not EngineState.RUNNING:
            self._forecast.begin_again()
        if state not in _ALIVE:
            self.engine_stats = None

    def _prepare_for(self, ready: Ready) -> None:
        info = ready.info
        self.pacer.cadence.start_over(self.config.stream.fps or info.fps)
        self.source.bound = 2 * (self.config.stream.buffer_frames + info.chunk * info.frames_per_latent)
        if not self.cues:
            text = self.config.model.prompt or info.default_prompt
            self.cues.add(CueEntry(0, [WeightedPrompt(text=text)]))

    def _note_cue(self, accepted: Accepted) -> None:
        assert accepted.cue is not None
        record, visible_frame = accepted.cue, accepted.visible_frame or 0
        eta_s = self.eta_s(visible_frame)
        self.cues.add(
            CueEntry(
                record.cue,
                record.prompts,
                record.start,
                record.transition,
                accepted.enters_frame or 0,
                visible_frame,
                accepted.understood,
                None if eta_s is None else asyncio.get_running_loop().time() + eta_s,
            )
        )

    def _show(self, shot: Shot) -> None:
        for publisher in self.publishers.values():
            publisher.show(shot, self.pacer.fps)
        if shot.is_repeat:
            return
        if self.pacer.num_shown == 1:
            self._tell(FirstFrame(shot.frame.index))
        entry = self.cues.show(shot.frame)
        if entry is not None:
            if entry.due_s is not None:
                self.last_eta_error_s = asyncio.get_running_loop().time() - entry.due_s
            self._tell(OnAir(cue=entry.cue, frame=shot.frame.index))

    def _tell(self, notice: Notice | OnAir | FirstFrame) -> None:
        for listener in self._listeners:
            listener(notice)
