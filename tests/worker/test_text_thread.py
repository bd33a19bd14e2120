"""Prompts are encoded beside the ticks, and commands keep their order."""

from collections.abc import Iterator, Sequence
from threading import Event as Flag
from threading import Semaphore

import pytest
import torch
from torch import Tensor

from fifo_live.errors import PromptError
from fifo_live.link.messages import Command, Cut, Event, Pause, Rejected, Steer
from fifo_live.protocol.cues import WeightedPrompt
from fifo_live.worker.text_thread import MAX_KNOWN_TEXTS, TextStage

CPU = torch.device("cpu")


class Encoder:
    """Encodes a text as its length; "slow" waits until it may, "bad" is refused, "broken" is a fault of ours."""

    def __init__(self) -> None:
        self.may = Flag()
        self.encoded: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Tensor:
        self.encoded += texts
        if "slow" in texts:
            assert self.may.wait(30)
        if "bad" in texts:
            raise PromptError("prompt_refused", "This one is refused.")
        if "broken" in texts:
            raise RuntimeError("The encoder is broken.")
        return torch.tensor([[float(len(text))] for text in texts])


class Desk:
    """A stage with its encoder, and what it has replied."""

    def __init__(self) -> None:
        self.encoder = Encoder()
        self.progress = Semaphore(0)
        self.replies: list[Event] = []
        self.stage = TextStage(self.encoder, CPU, self.progress.release)

    def steer(self, request: int, *texts: str) -> None:
        self.stage.submit([Steer(request=request, prompts=[WeightedPrompt(text=text) for text in texts])])

    def wait(self, prompts: int) -> None:
        """Wait until so many prompts are done."""
        for _ in range(prompts):
            assert self.progress.acquire(timeout=30)

    def take(self) -> list[Command]:
        return [command for command, _ in self.stage.take(self.replies.append)]


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.encoder.may.set()
    desk.stage.close()


def test_commands_pass_at_once_when_nothing_is_encoded(desk: Desk) -> None:
    """What has no text does not wait."""
    desk.stage.submit([Pause(request=1), Cut(request=2)])
    assert desk.stage.has_ready()
    assert desk.take() == [Pause(request=1), Cut(request=2)]
    assert not desk.stage.has_ready() and desk.take() == []


def test_what_comes_behind_a_slow_prompt_waits_for_it(desk: Desk) -> None:
    """Prompts, cuts and pauses leave in the order in which they came, with their texts encoded."""
    desk.steer(1, "slow")
    desk.steer(2, "quick")
    desk.stage.submit([Cut(request=3)])
    assert not desk.stage.has_ready() and desk.take() == []
    desk.encoder.may.set()
    desk.wait(2)
    orders = desk.stage.take(desk.replies.append)
    assert [getattr(command, "request", 0) for command, _ in orders] == [1, 2, 3]
    assert [{text: float(row) for text, row in encoded.items()} for _, encoded in orders] == [
        {"slow": 4.0},
        {"quick": 5.0},
        {},
    ]
    assert desk.replies == []


def test_a_prompt_that_cannot_be_encoded_is_rejected(desk: Desk) -> None:
    """It is answered in its turn, and what comes behind it goes on."""
    desk.steer(1, "bad")
    desk.stage.submit([Cut(request=2)])
    desk.wait(1)
    assert desk.take() == [Cut(request=2)]
    assert desk.replies == [Rejected(request=1, code="prompt_refused", message="This one is refused.")]


def test_a_broken_encoder_breaks_the_loop(desk: Desk) -> None:
    """What is no fault of a prompt is raised where it is noticed."""
    desk.steer(1, "broken")
    desk.wait(1)
    with pytest.raises(RuntimeError, match="The encoder is broken"):
        desk.take()


def test_a_text_that_comes_again_is_not_encoded_again(desk: Desk) -> None:
    """The last ones are remembered, and no more than that."""
    for request, text in enumerate(["sea", "fire", "sea"]):
        desk.steer(request, text, "sky")
    desk.wait(3)
    assert len(desk.take()) == 3
    assert desk.encoder.encoded == ["sea", "sky", "fire"]
    for request in range(MAX_KNOWN_TEXTS):
        desk.steer(request, f"number {request}")
    desk.steer(99, "sea")
    desk.wait(MAX_KNOWN_TEXTS + 1)
    assert desk.encoder.encoded[-1] == "sea"
