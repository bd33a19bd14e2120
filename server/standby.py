"""What is shown while no frames come."""

from fifo_live.link.frame import Frame
from fifo_live.link.ring import Picture
from fifo_live.link.state import State
from fifo_live.link.supervisor import Supervisor
from server.media.slate import draw_slate

SLATE_AFTER_S = 5.0
_NO_SIZE = (640, 360)

_WORDS = {
    State.STARTING: "Starting the engine",
    State.LOADING: "Loading the model",
    State.WARMING: "Filling the queue",
    State.RUNNING: "Filling the queue",
    State.PAUSED: "Paused",
    State.RESTARTING: "Starting the engine again",
    State.FAILED: "The engine can not run",
    State.STOPPED: "The engine has stopped",
}


class Standby:
    """Keeps the last frame for a while, and for ever in a pause; then, or with no frame yet, shows the slate."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor

    def is_live(self) -> bool:
        """Return whether the engine should be delivering now."""
        return self._supervisor.state is State.RUNNING

    def slate(self, quiet_s: float, last: Frame | None) -> Picture | None:
        """Return the slate, or None to keep the last frame."""
        state = self._supervisor.state
        if last is not None and (state in (State.RUNNING, State.PAUSED) or quiet_s < SLATE_AFTER_S):
            return None
        info, progress = self._supervisor.info, self._supervisor.progress
        width, height = (info.width, info.height) if info else _NO_SIZE
        detail = self._supervisor.message or (progress.detail if progress else "")
        text = f"{_WORDS[state]}: {detail}" if detail else _WORDS[state]
        percent = 100 * progress.done // progress.total if progress and progress.total else None
        return draw_slate(width, height, text, None if state is State.FAILED else percent)
