"""Builds the `state` and `stats` messages."""

import asyncio

from fifo_live.protocol.answers import MAX_WORDS_CHARS
from fifo_live.protocol.cues import Cue
from fifo_live.protocol.state import EngineState, EngineStatus, State
from fifo_live.protocol.stats import Stats
from server.control.cues import CueEntry
from server.control.roles import Role
from server.http.access import view_token
from server.stream import StreamService


def state_message(studio: StreamService, role: Role) -> State:
    """Return the whole state, for somebody with this role."""
    supervisor, memory = studio.supervisor, studio.supervisor.memory
    words = supervisor.message[:MAX_WORDS_CHARS]
    info = supervisor.info
    return State(
        role="steer" if role >= Role.STEER else "view",
        view_token=_view_token(studio.config.server.token, role),
        engine=EngineStatus(state=supervisor.state, message=words, progress=supervisor.progress),
        model=info,
        fps=0.0 if info is None or supervisor.state is EngineState.FAILED else studio.pacer.fps,
        frame=studio.pacer.position,
        cues=[_cue_status(studio, entry) for entry in studio.cues],
        on_air=studio.cues.on_air,
        viewers=len(studio.audience),
        paused=memory.paused,
        seed=memory.seed,
        guidance=(info.guidance if info else 0.0) if memory.guidance is None else memory.guidance,
    )


def _view_token(token: str, role: Role) -> str:
    """Return what somebody who may steer hands to those who may not; empty if no token is wanted."""
    return view_token(token) if token and role >= Role.STEER else ""


def _cue_status(studio: StreamService, entry: CueEntry) -> Cue:
    status = studio.cues.status(entry)
    return Cue(
        cue=entry.cue,
        prompts=entry.prompts,
        start=entry.start,
        transition=entry.transition,
        status=status,
        enters_frame=entry.enters_frame,
        visible_frame=entry.visible_frame,
        eta_s=eta_of(studio, entry.visible_frame) if status == "waiting" else None,
        on_air_frame=entry.on_air_frame,
        understood=entry.understood,
    )


def eta_of(studio: StreamService, frame: int) -> float | None:
    """Return the seconds until a frame is shown, as they are told; None while the stream does not go on."""
    eta_s = studio.eta_s(frame)
    return None if eta_s is None else round(eta_s, 3)


def due_times(studio: StreamService) -> dict[int, float]:
    """Return when each cue that waits is due now, on the event loop's clock."""
    now_s = asyncio.get_running_loop().time()
    waiting = [entry for entry in studio.cues if studio.cues.status(entry) == "waiting"]
    etas = {entry.cue: studio.eta_s(entry.visible_frame) for entry in waiting}
    return {cue: now_s + eta_s for cue, eta_s in etas.items() if eta_s is not None}


def stats_message(studio: StreamService) -> Stats:
    """Return the figures of the moment."""
    engine = studio.engine_stats
    now_s = asyncio.get_running_loop().time()
    encoders = [publisher.encoder for publisher in studio.publishers.values()]
    num_encoded = sum(encoder.num_encoded for encoder in encoders)
    return Stats(
        viewers=len(studio.audience),
        generated_fps=engine.generated_fps if engine and studio.supervisor.state is EngineState.RUNNING else 0.0,
        delivered_fps=round(studio.pacer.new_frames_per_second(now_s), 2),
        tick_ms=engine.tick_ms if engine else 0.0,
        denoiser_ms=engine.denoiser_ms if engine else 0.0,
        decode_ms=engine.decode_ms if engine else 0.0,
        encode_ms=round(1000 * sum(encoder.encode_s for encoder in encoders) / max(1, num_encoded), 2),
        frame=studio.pacer.position,
        buffered=len(studio.source),
        late=studio.pacer.num_late,
        dropped=studio.source.num_dropped + sum(encoder.num_dropped for encoder in encoders),
        restarts=studio.supervisor.num_restarts,
        eta_error_s=round(studio.last_eta_error_s, 3),
        worker_rss_mb=engine.rss_mb if engine else 0.0,
        device_mb=engine.device_mb if engine else 0.0,
    )
