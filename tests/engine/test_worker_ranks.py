"""Several ranks as one worker: what goes wrong on any of them is said in its own words."""

import psutil
import pytest

from fifo_live.link.state import StateChange
from fifo_live.protocol.state import EngineState
from tests.engine.people import TOY, audience


@pytest.mark.parametrize(
    ("loader", "sentence"),
    [("load_on_rank_0", "There is a place for rank 0 only."), ("load_breaking", "The network of rank 1 is broken.")],
)
@pytest.mark.timeout(120)
async def test_the_sentence_of_any_rank_is_kept(loader: str, sentence: str) -> None:
    """What rank 1 or 2 cannot do is said as they say it, and what cannot be mended is not tried again."""
    config = TOY.with_values(model={"name": f"tests.toy:{loader}"}, engine={"ranks": 3})
    async with audience(config) as people:
        await people.until(lambda: people.supervisor.state is EngineState.FAILED)
        assert people.supervisor.message == sentence
        assert people.supervisor.num_restarts == 0


@pytest.mark.timeout(120)
async def test_a_killed_rank_is_named() -> None:
    """A rank that cannot say anything any more is told by its number and its signal."""
    async with audience(TOY.with_values(engine={"ranks": 2})) as people:
        await people.frames_until(1)
        workers = people.supervisor._life._workers
        assert workers is not None
        psutil.Process(workers._processes[1].pid).kill()
        await people.until(lambda: people.supervisor.num_restarts)
        changes = [notice for notice in people.notices if isinstance(notice, StateChange)]
        (reason,) = [change.message for change in changes if change.state is EngineState.RESTARTING]
        assert "rank 1: signal SIGKILL" in reason
