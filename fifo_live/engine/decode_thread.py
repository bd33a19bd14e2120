"""Decoding beside the next tick: latents become pictures in a thread of their own, on a GPU in its own stream."""

from collections.abc import Callable
from dataclasses import dataclass
from queue import Queue
from threading import Thread
from time import perf_counter

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fifo_live.engine.frame_decoder import FrameDecoder
from fifo_live.engine.shot import Emitted


@dataclass(frozen=True)
class Decoded:
    """The pictures of some latents that have left the queue, uint8 (frames, height, width, 3), and how long it took."""

    emitted: Emitted
    pictures: NDArray[np.uint8]
    decode_s: float


class DecodeThread:
    """A thread that decodes in order and hands the pictures on; it holds at most one item that waits.

    `deliver` runs in the thread and may wait there for room further on; `progress` is called when an item is taken,
    so that the next tick runs beside its decoding, and after a failure, to wake whoever waits for room.
    """

    def __init__(
        self,
        pictures: FrameDecoder,
        deliver: Callable[[Decoded], None],
        progress: Callable[[], None],
    ) -> None:
        self._pictures = pictures
        self._deliver = deliver
        self._progress = progress
        self._work: Queue[tuple[Emitted, torch.cuda.Event | None] | None] = Queue(maxsize=1)
        self._stream: torch.cuda.Stream | None = None
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._run, name="decode", daemon=True)
        self._thread.start()

    def has_room(self) -> bool:
        """Tell whether `submit` would take an item at once.

        Raises: what went wrong in the thread, if something did.
        """
        if self._failure is not None:
            raise self._failure
        return not self._work.full()

    def submit(self, emitted: Emitted) -> None:
        """Queue latents for decoding; waits if there is no room."""
        event = None
        if emitted.x_FCHW.is_cuda:
            event = torch.cuda.Event()  # type: ignore[no-untyped-call]
            event.record()
        self._work.put((emitted, event))

    def close(self) -> None:
        """Finish what is queued, unless that has failed, and end the thread."""
        self._work.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            while (item := self._work.get()) is not None:
                self._progress()
                self._deliver(self._decode(*item))
        except Exception as error:  # the border of the thread: `has_room` raises it again in the worker's loop
            self._failure = error
            self._progress()
            while self._work.get() is not None:
                continue

    @torch.inference_mode()
    def _decode(self, emitted: Emitted, event: torch.cuda.Event | None) -> Decoded:
        begin = perf_counter()
        frames = self._pictures.decode(emitted) if event is None else self._decode_on_stream(emitted, event)
        return Decoded(emitted, frames.numpy(), perf_counter() - begin)

    def _decode_on_stream(self, emitted: Emitted, event: torch.cuda.Event) -> Tensor:
        stream = self._stream = self._stream or torch.cuda.Stream(emitted.x_FCHW.device)  # type: ignore[no-untyped-call]
        with torch.cuda.stream(stream):
            stream.wait_event(event)
            emitted.x_FCHW.record_stream(stream)
            return self._pictures.decode(emitted)
