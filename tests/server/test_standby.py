"""Tests of what is shown while no frames come."""

import pytest

from fifo_live.config import Config
from fifo_live.link.messages import Progress
from fifo_live.link.state import State
from fifo_live.link.supervisor import Supervisor
from server.standby import SLATE_AFTER_S, Standby
from tests.fake_worker import Settings, model_info
from tests.server.media.frames import make_frame


@pytest.fixture
def supervisor() -> Supervisor:
    return Supervisor(Config(), lambda frame: None, lambda notice: None)


@pytest.mark.parametrize("state", State)
def test_with_no_frame_yet_there_is_always_a_slate(supervisor: Supervisor, state: State) -> None:
    """Whatever the engine is doing."""
    supervisor.state = state
    slate = Standby(supervisor).slate(float("inf"), None)
    assert slate is not None and slate.shape == (360, 640, 3)


@pytest.mark.parametrize("state", [State.RUNNING, State.PAUSED])
def test_an_engine_that_runs_or_rests_keeps_its_last_frame(supervisor: Supervisor, state: State) -> None:
    """However long it takes."""
    supervisor.state = state
    assert Standby(supervisor).slate(1e6, make_frame(0)) is None
    assert Standby(supervisor).is_live() == (state is State.RUNNING)


@pytest.mark.parametrize("state", [State.RESTARTING, State.LOADING, State.FAILED])
def test_without_an_engine_the_last_frame_stays_a_while(supervisor: Supervisor, state: State) -> None:
    """Then comes the slate."""
    supervisor.state = state
    standby = Standby(supervisor)
    assert standby.slate(SLATE_AFTER_S - 1, make_frame(0)) is None
    assert standby.slate(SLATE_AFTER_S + 1, make_frame(0)) is not None


def test_the_slate_has_the_models_size_and_shows_progress(supervisor: Supervisor) -> None:
    """More done is a longer bar."""
    supervisor.state = State.LOADING
    supervisor.info = model_info(Settings(width=320, height=192))
    blues = []
    for done in (1, 2):
        supervisor.progress = Progress(stage="loading", done=done, total=2, detail="weights")
        slate = Standby(supervisor).slate(float("inf"), None)
        assert slate is not None and slate.shape == (192, 320, 3)
        blues.append(int((slate[:, :, 2] == 255).sum()))
    assert 0 < blues[0] < blues[1]
