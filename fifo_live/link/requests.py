"""Pending requests and their answers."""

import asyncio
from dataclasses import dataclass

from fifo_live.errors import EngineUnavailableError, PromptError
from fifo_live.link.messages import Accepted, Rejected, Request

MAX_PENDING = 64
MAX_DELIVERIES = 2


@dataclass
class _Question:
    request: Request
    answer: asyncio.Future[Accepted]
    num_deliveries: int = 0
    is_with_worker: bool = False


class PendingRequests:
    """Numbers requests and brings each its answer, in whatever order the answers come."""

    def __init__(self) -> None:
        self._questions: dict[int, _Question] = {}
        self._abandoned: dict[int, Request] = {}
        self._last = 0

    def open(self, request: Request) -> tuple[Request, asyncio.Future[Accepted]]:
        """Return the request with a number of its own, and the future of its answer.

        Raises: PromptError (busy) when MAX_PENDING requests wait already.
        """
        if len(self._questions) >= MAX_PENDING:
            raise PromptError(
                "busy", f"{MAX_PENDING} requests are waiting for the engine already; try again in a moment."
            )
        self._last += 1
        numbered = request.model_copy(update={"request": self._last})
        answer: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        self._questions[self._last] = _Question(numbered, answer)
        return numbered, answer

    def to_send(self) -> list[Request]:
        """Return the requests that no worker has yet, oldest first; they count as sent from now on."""
        unsent = [question for question in self._questions.values() if not question.is_with_worker]
        for question in unsent:
            question.num_deliveries += 1
            question.is_with_worker = True
        return [question.request for question in unsent]

    def settle(self, answer: Accepted | Rejected) -> Request | None:
        """Pass an answer on and return the request it belongs to, also if nobody waits for it any more."""
        if answer.request not in self._questions:
            return self._abandoned.pop(answer.request, None)
        question = self._questions.pop(answer.request)
        if not question.answer.done():
            if isinstance(answer, Accepted):
                question.answer.set_result(answer)
            else:
                question.answer.set_exception(PromptError(answer.code, answer.message))
        return question.request

    def give_up(self, request: Request) -> None:
        """Stop waiting for an answer; it is not sent to another worker, but should the answer come, it counts."""
        if self._questions.pop(request.request, None) is not None:
            self._abandoned[request.request] = request
        while len(self._abandoned) > MAX_PENDING:
            del self._abandoned[next(iter(self._abandoned))]

    def lose(self, reason: str) -> None:
        """Note that the worker is gone, and `reason` why; a request that no worker survives is not tried for ever."""
        self._abandoned.clear()
        for number, question in list(self._questions.items()):
            question.is_with_worker = False
            if question.num_deliveries >= MAX_DELIVERIES:
                del self._questions[number]
                _refuse(
                    question,
                    f"The engine ended {MAX_DELIVERIES} times while it handled this request; the last reason: {reason}",
                )

    def fail_all(self, message: str) -> None:
        """Tell everybody who waits that there will be no answer."""
        for question in self._questions.values():
            _refuse(question, message)
        self._questions.clear()
        self._abandoned.clear()


def _refuse(question: _Question, message: str) -> None:
    if not question.answer.done():
        question.answer.set_exception(EngineUnavailableError(message))
