"""Tests of the ring's life across workers, and of whose credit is whose."""

from collections.abc import Iterator

import pytest

from fifo_live.link.frame_reader import Shelf
from fifo_live.link.messages import FrameReady
from fifo_live.link.ring import FrameRing
from fifo_live.protocol.model import ModelInfo
from tests.fake_worker import Settings, model_info


def info(width: int = 32) -> ModelInfo:
    return model_info(Settings(width=width, height=16))


def ready(slot: int, frame: int = 0) -> FrameReady:
    return FrameReady(slot=slot, frame=frame, latent=frame, cue=0)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    shelf = Shelf(buffer_frames=3)
    yield shelf
    shelf.close()


def test_credit_counts_what_was_taken_since_the_worker_came(shelf: Shelf) -> None:
    """A new worker has credit for all slots, so what its predecessor left gives it none."""
    assert shelf.attach(info()).slots == 4
    for slot in range(3):
        assert shelf.take(ready(slot, slot)).index == slot
    assert shelf.take_back(1) == 1
    shelf.detach()
    assert shelf.take_back(1) == 0
    shelf.attach(info())
    shelf.take(ready(0, 3))
    assert shelf.take_back(2) == 1


def test_the_ring_is_used_again_unless_the_size_changes(shelf: Shelf) -> None:
    """Pictures of another size get another ring, and the old one is gone."""
    name = shelf.attach(info()).name
    shelf.detach()
    assert shelf.attach(info()).name == name
    other = shelf.attach(info(width=64))
    assert other.name != name
    with pytest.raises(FileNotFoundError):
        FrameRing.attach(name, 4, 16, 32)


def test_a_slot_that_is_not_there_is_refused(shelf: Shelf) -> None:
    """A worker that says nonsense is not believed."""
    with pytest.raises(ValueError, match="slot 0"):
        shelf.take(ready(0))
    shelf.attach(info())
    for slot in (-1, 4):
        with pytest.raises(ValueError, match="no slot"):
            shelf.take(ready(slot))
