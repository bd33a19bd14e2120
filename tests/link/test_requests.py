"""Tests of requests that wait for their answers."""

import pytest

from fifo_live.errors import EngineUnavailableError, PromptError
from fifo_live.link.messages import Accepted, Pause, Rejected, Resume
from fifo_live.link.requests import MAX_DELIVERIES, MAX_PENDING, PendingRequests


async def test_each_answer_finds_its_request() -> None:
    """Answers may come in any order."""
    pending = PendingRequests()
    first, first_answer = pending.open(Pause(request=0))
    second, second_answer = pending.open(Resume(request=0))
    assert pending.to_send() == [first, second] and pending.to_send() == []
    assert pending.settle(Rejected(request=second.request, code="no", message="Not now.")) == second
    assert pending.settle(Accepted(request=first.request)) == first
    assert (await first_answer).request == first.request
    with pytest.raises(PromptError, match="Not now"):
        await second_answer


async def test_an_answer_that_comes_too_late_still_counts() -> None:
    """Whoever has given up hears nothing, but what was asked is known."""
    pending = PendingRequests()
    request, answer = pending.open(Pause(request=0))
    pending.to_send()
    pending.give_up(request)
    assert pending.settle(Accepted(request=request.request)) == request
    assert pending.settle(Accepted(request=request.request)) is None
    assert not answer.done()


async def test_a_new_worker_gets_what_the_last_one_has_not_answered() -> None:
    """But not for ever."""
    pending = PendingRequests()
    request, answer = pending.open(Pause(request=0))
    for _ in range(MAX_DELIVERIES):
        assert pending.to_send() == [request]
        pending.lose("it fell over")
    assert pending.to_send() == []
    with pytest.raises(EngineUnavailableError, match="it fell over"):
        await answer


async def test_only_so_many_wait() -> None:
    """The bound is an error with a code, and what is given up is bounded too."""
    pending = PendingRequests()
    requests = [pending.open(Pause(request=0))[0] for _ in range(MAX_PENDING)]
    with pytest.raises(PromptError, match="64") as caught:
        pending.open(Pause(request=0))
    assert caught.value.code == "busy"
    for request in requests:
        pending.give_up(request)
    pending.give_up(pending.open(Pause(request=0))[0])
    assert pending.settle(Accepted(request=requests[0].request)) is None
    assert pending.settle(Accepted(request=requests[1].request)) == requests[1]


async def test_the_end_is_told_to_all() -> None:
    """Nobody waits for what will not come; one who is gone is no error."""
    pending = PendingRequests()
    _, answer = pending.open(Pause(request=0))
    _, cancelled = pending.open(Pause(request=0))
    cancelled.cancel()
    pending.fail_all("It is over.")
    with pytest.raises(EngineUnavailableError, match="over"):
        await answer
