"""Encoding prompts beside the ticks: a text encoder may take seconds, and the picture does not wait for it."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import torch
from torch import Tensor

from fifo_live.engine.conditioning import Encode
from fifo_live.errors import FifoLiveError
from fifo_live.link.messages import Command, Event, Rejected, Steer
from fifo_live.worker.turn import Order

MAX_KNOWN_TEXTS = 16
"""How many texts are remembered, so that one that comes again is not encoded again."""


class TextStage:
    """A thread that encodes the texts of commands, on a GPU in its own stream; commands keep their order.

    What stands behind a prompt that is being encoded waits for it. `progress` is called when one is done.
    """

    def __init__(self, encode: Encode, device: torch.device, progress: Callable[[], None]) -> None:
        self._encode = encode
        self._device = device
        self._progress = progress
        self._known: dict[str, Tensor] = {}
        self._waiting: deque[tuple[Command, Future[Mapping[str, Tensor]] | None]] = deque()
        self._thread = ThreadPoolExecutor(1, "text")
        self._stream: torch.cuda.Stream | None = None

    def submit(self, commands: Iterable[Command]) -> None:
        """Take commands in; the server bounds how many it leaves unanswered."""
        for command in commands:
            job = None
            if isinstance(command, Steer):
                job = self._thread.submit(self._learn, [prompt.text for prompt in command.prompts])
                job.add_done_callback(lambda _: self._progress())
            self._waiting.append((command, job))

    def has_ready(self) -> bool:
        """Tell whether `take` would return something now."""
        return bool(self._waiting) and _is_ready(self._waiting[0][1])

    def take(self, reply: Callable[[Event], None]) -> list[Order]:
        """Return the commands at the front whose texts are encoded; what cannot be encoded is rejected.

        Raises: what went wrong in the thread, if it is no fault of a prompt.
        """
        orders: list[Order] = []
        while self.has_ready():
            command, job = self._waiting.popleft()
            try:
                orders.append((command, job.result() if job else {}))
            except FifoLiveError as error:
                assert isinstance(command, Steer), "only prompts are encoded"
                reply(Rejected(request=command.request, code=error.code, message=str(error)))
        return orders

    def close(self) -> None:
        """Let the thread end when it has finished the text that it is at; the interpreter waits for it, not we."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    @torch.inference_mode()
    def _learn(self, texts: Sequence[str]) -> Mapping[str, Tensor]:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        wanted = {text: self._known.pop(text) for text in dict.fromkeys(texts) if text in self._known}
        if new:
            wanted |= {text: row.clone() for text, row in zip(new, self._encoded(new), strict=True)}
        self._known |= wanted
        while len(self._known) > MAX_KNOWN_TEXTS:
            del self._known[next(iter(self._known))]
        return wanted

    def _encoded(self, texts: Sequence[str]) -> Tensor:
        if self._device.type != "cuda":
            return self._encode(texts).cpu()
        stream = self._stream = self._stream or torch.cuda.Stream(self._device)  # type: ignore[no-untyped-call]
        with torch.cuda.stream(stream):
            return self._encode(texts).cpu()


def _is_ready(job: Future[Mapping[str, Tensor]] | None) -> bool:
    return job is None or job.done()
