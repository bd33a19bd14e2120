"""Decoding happens beside the loop, in order, and failures come back to it."""

from collections.abc import Callable
from dataclasses import replace
from threading import Event

import pytest
import torch
from torch import Tensor

from fifo_live.engine.decode_thread import Decoded, DecodeThread
from fifo_live.engine.frame_decoder import FrameDecoder
from fifo_live.engine.shot import Emitted
from fifo_live.models.contract import StreamDecoder
from tests.toy import FIFO_SPEC, ToyDecoder

WAIT_S = 30


def stage_of(
    decoder: StreamDecoder,
    deliver: Callable[[Decoded], None] = lambda item: None,
    progress: Callable[[], None] = lambda: None,
) -> DecodeThread:
    return DecodeThread(FrameDecoder(decoder, FIFO_SPEC), deliver, progress)


def emitted(index: int) -> Emitted:
    return Emitted(torch.full((1, 4, 4, 8), float(index)), range(index, index + 1), (0,))


class Breaks(StreamDecoder):
    """Fails on every latent."""

    def decode(self, x_FCHW: Tensor) -> Tensor:
        raise RuntimeError("broken decoder")


def test_delivers_in_order() -> None:
    """Pictures come in the order in which latents were submitted, each with its latent."""
    got: list[Decoded] = []
    stage = stage_of(ToyDecoder(), got.append)
    for index in range(20):
        stage.submit(emitted(index))
    stage.close()
    assert [item.emitted.latents[0] for item in got] == list(range(20))
    assert all(item.pictures.shape == (1, 16, 32, 3) for item in got)
    assert all(item.decode_s > 0 for item in got)


def test_has_room_for_one_that_waits() -> None:
    """While a latent is decoded and handed on one more may wait, and the loop hears of it; a third has to wait."""
    go_on, progressed, busy = Event(), Event(), Event()

    def deliver(_item: Decoded) -> None:
        busy.set()
        go_on.wait(WAIT_S)

    stage = stage_of(ToyDecoder(), deliver, progressed.set)
    stage.submit(emitted(0))
    assert busy.wait(WAIT_S) and progressed.is_set() and stage.has_room()
    progressed.clear()
    stage.submit(emitted(1))
    assert not stage.has_room()
    go_on.set()
    assert progressed.wait(WAIT_S)
    stage.close()


def test_a_new_beginning_resets_the_decoder() -> None:
    """A decoder that remembers forgets before the first latent after a start or a cut."""
    calls: list[str] = []

    class Remembers(ToyDecoder):
        def decode(self, x_FCHW: Tensor) -> Tensor:
            calls.append("decode")
            return super().decode(x_FCHW)

        def reset(self) -> None:
            calls.append("reset")

    stage = stage_of(Remembers())
    for index, begins in enumerate([(0,), (), (2,)]):
        stage.submit(replace(emitted(index), begins=begins))
    stage.close()
    assert calls == ["reset", "decode", "decode", "reset", "decode"]


def test_failure_reaches_the_loop() -> None:
    """What goes wrong in the thread is raised where the loop asks for room."""
    failed = Event()
    stage = stage_of(Breaks(), progress=failed.set)
    stage.submit(emitted(0))
    assert failed.wait(WAIT_S)
    with pytest.raises(RuntimeError, match="broken decoder"):
        stage.has_room()


def test_closing_after_a_failure() -> None:
    """A stage that has failed can be closed, with or without something waiting in it."""
    failed = Event()
    stage = stage_of(Breaks(), progress=failed.set)
    stage.submit(emitted(0))
    assert failed.wait(WAIT_S)
    stage.submit(emitted(1))
    stage.close()
    assert not stage._thread.is_alive()
