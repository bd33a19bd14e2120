"""The clean latent in front of every window."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from fifo_live.config import EngineConfig
from fifo_live.engine.engine import Engine
from fifo_live.engine.plan import Plan
from fifo_live.engine.sink import Sink
from fifo_live.engine.timeline import Cue, Timeline
from fifo_live.engine.window import Window
from fifo_live.models.contract import ModelSpec
from tests.toy import FIFO_SPEC, ToyDenoiser, mix_neighbours

SPEC = replace(FIFO_SPEC, window=13, context=4, levels=8, sink=1)
LONG = replace(FIFO_SPEC, window=13, context=4, levels=32, sink=1)


def timeline(*, cuts: bool) -> Timeline:
    """Cue 1 starts at latent 10 and takes three latents to settle."""
    cues = Timeline(Cue(0, 0, 0, (("sea", 1.0),)), cuts=cuts)
    cues.add(1, (("fire", 1.0),), start=10, transition=3)
    return cues


class Seen:
    """What the network was given, tick by tick, and what has left the queue."""

    def __init__(self, spec: ModelSpec = SPEC) -> None:
        self.inputs: list[list[tuple[Tensor, Tensor, Tensor]]] = []
        self.left: dict[int, Tensor] = {}
        self.toy = ToyDenoiser(spec, self._network)
        self.engine = Engine(self.toy, Plan.make(spec, EngineConfig()))

    def _network(self, x: Tensor, t: Tensor, cond: Tensor) -> Tensor:
        self.inputs[-1].append((x, t, cond))
        return mix_neighbours(x, t, cond)

    def tick(self, count: int = 1) -> None:
        for _ in range(count):
            self.inputs.append([])
            if (item := self.engine.step()) is not None:
                self.left |= dict(zip(item.latents, item.x_FCHW, strict=True))

    def first_slots(self) -> list[Tensor]:
        """The latents in slot 0 of the last tick's windows."""
        return [x[0, 0] for x, _, _ in self.inputs[-1]]


@pytest.mark.parametrize("spec", [SPEC, LONG], ids=["one window", "many windows"])
def test_the_first_latent_stays_in_front(spec: ModelSpec) -> None:
    """For ever, the first slot of each window is the first latent, clean and under its own prompt."""
    seen = Seen(spec)
    seen.tick(60)
    seen.engine.steer(1, (("fire", 1.0),), transition=100)
    seen.tick(50)
    sea = seen.toy.encode_prompts(["a toy"]).sum()
    assert all(torch.equal(first, seen.left[0]) for first in seen.first_slots())
    assert all(float(t[0, 0]) == 0 and torch.allclose(cond[0, 0], sea) for _, t, cond in seen.inputs[-1])
    assert all(x.shape[1] == 13 for x, _, _ in seen.inputs[-1])


def test_the_sink_is_not_there_twice() -> None:
    """As long as the context reaches back to the first latent, that is where the sink is."""
    seen = Seen()
    seen.tick(15)
    assert [inputs[0][0].shape[1] for inputs in seen.inputs] == [8] * 8 + [9, 10, 11, 12, 13, 13, 13]
    assert all(torch.equal(inputs[0][0][0, 0], seen.left[0]) for inputs in seen.inputs[8:])


def test_a_new_scene_brings_its_own() -> None:
    """Without cuts the sink changes with the first clean latent behind the transition."""
    seen = Seen()
    seen.tick(20)
    cue = seen.engine.steer(1, (("fire", 1.0),), transition=5)
    while max(seen.left) < cue.start + 5:
        seen.tick()
        assert torch.equal(seen.first_slots()[0], seen.left[0])
    for _ in range(10):
        seen.tick()
        assert torch.equal(seen.first_slots()[0], seen.left[cue.start + 5])
    assert [inputs[0][0].shape[1] for inputs in seen.inputs[-10:]] == [9, 10, 11, 12, *[13] * 6]
    fire = seen.toy.encode_prompts(["fire"]).sum()
    assert torch.allclose(seen.inputs[-1][0][2][0, 0], fire)


def test_a_cut_takes_the_sink_away() -> None:
    """After `cut` the queue begins without one, and the first latent behind the cut is the next."""
    seen = Seen()
    seen.tick(20)
    seen.engine.cut()
    seen.tick(8)
    assert seen.inputs[-1][0][0].shape[1] == 8
    seen.tick(10)
    assert torch.equal(seen.first_slots()[0], seen.left[13])


def test_no_shot_sees_the_sink_of_another() -> None:
    """With cuts a new shot grows as at a start, although the old one still has its sink."""
    streams = []
    for first in ("sea", "snow"):
        toy = ToyDenoiser(replace(LONG, cuts=True))
        engine = Engine(toy, Plan.make(toy.spec, EngineConfig()), prompt=first)
        engine.restore(1, (("fire", 1.0),), 10, 0)
        items = [item for _ in range(80) if (item := engine.step()) is not None]
        streams.append(torch.cat([item.x_FCHW for item in items if item.latents[0] >= 10]))
    assert len(streams[0]) > 30 and torch.equal(*streams)


def test_chooses_the_first_of_a_scene() -> None:
    """The origin, then the first latent that is wholly the new cue's; the newest, if several leave at once."""
    for cuts, expected in [(False, 13), (True, 10)]:
        sink = Sink(timeline(cuts=cuts), 4, cuts=cuts)
        assert [sink.choose(range(latent, latent + 1)) for latent in (4, 5)] == [4, None]
        assert [latent for latent in range(6, 20) if sink.choose(range(latent, latent + 1)) is not None] == [expected]
    assert Sink(timeline(cuts=False), 4, cuts=False).choose(range(4, 14)) == 13


def test_stands_before_a_window_that_does_not_reach_it() -> None:
    """The sink's position is counted from the head, like all others."""
    sink = Sink(timeline(cuts=False), 4, cuts=False)
    window = Window(-4, 0, 8)
    assert sink.before(window, 20) == window
    sink.choose(range(4, 5))
    assert [sink.before(window, head).sink for head in (6, 8, 9, 20)] == [None, None, -5, -16]
    assert sink.before(window, 6) == Window(-2, 0, 8)
    assert sink.before(window, 9).positions == (-5, *range(-4, 8))
