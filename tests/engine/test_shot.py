"""Shots: where one begins, what a window sees of it, the sink in front, and how its picture comes up."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from fifo_live.config import EngineConfig
from fifo_live.engine.engine import Engine
from fifo_live.engine.plan import Plan
from fifo_live.engine.shot import Shots
from fifo_live.engine.timeline import Cue, Timeline
from fifo_live.engine.window import Window
from fifo_live.models.contract import ModelSpec
from tests.toy import FIFO_SPEC, ToyDenoiser, mix_neighbours

SPEC = replace(FIFO_SPEC, window=13, context=4, levels=8, sink=1)
LONG = replace(FIFO_SPEC, window=13, context=4, levels=32, sink=1)


def timeline(*cues: tuple[int, int], cuts: bool = True) -> Timeline:
    """Return cues that start at latents and take some more to settle, behind a first one."""
    timeline = Timeline(Cue(0, 0, 0, (("sea", 1.0),)), cuts=cuts)
    for number, (start, transition) in enumerate(cues, 1):
        timeline.add(number, ((f"prompt {number}", 1.0),), start, transition)
    return timeline


def shots(*cues: tuple[int, int], cuts: bool = True, origin: int = 0) -> Shots:
    shots = Shots(timeline(*cues, cuts=cuts))
    shots.begin(origin)
    return shots


def shown(shots: Shots, values: list[float]) -> list[float]:
    """Show latents that are one number each; returns the numbers as they are shown."""
    x = torch.tensor(values, dtype=torch.float32)[:, None, None, None]
    parts = [shots.dissolve(x[i : i + 1], range(i, i + 1)) for i in range(len(values))]
    return [round(float(part), 4) for part in parts]


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
        chooser = shots((10, 3), cuts=cuts, origin=4)
        assert [chooser.choose_sink(range(latent, latent + 1)) for latent in (4, 5)] == [4, None]
        left = [latent for latent in range(6, 20) if chooser.choose_sink(range(latent, latent + 1)) is not None]
        assert left == [expected]
    assert shots((10, 3), cuts=False, origin=4).choose_sink(range(4, 14)) == 13


def test_the_sink_stands_before_a_window_that_does_not_reach_it() -> None:
    """The sink's position is counted from the head, like all others."""
    one = shots(cuts=False, origin=4)
    window = Window(-4, 0, 8)
    assert list(one.views(window, 20)) == [window]
    one.choose_sink(range(4, 5))
    views = {head: next(one.views(window, head)) for head in (6, 8, 9, 20)}
    assert [view.sink for view in views.values()] == [None, None, -5, -16]
    assert views[6] == Window(-2, 0, 8)
    assert views[9].positions == (-5, *range(-4, 8))


def test_windows_end_at_a_cut() -> None:
    """A window that spans two shots becomes two; what is only context of another shot is left out."""
    window, ahead = Window(-4, 0, 8), Window(0, 0, 8, ahead=8)
    for seen, starts, expected in [
        (window, [], [window]),
        (window, [103], [Window(-4, 0, 3), Window(3, 3, 8)]),
        (window, [98], [Window(-2, 0, 8)]),
        (ahead, [111], [Window(0, 0, 8, ahead=3)]),
        (ahead, [105], [Window(0, 0, 5), Window(5, 5, 8, ahead=8)]),
        (window, [96, 100, 101], [Window(0, 0, 1), Window(1, 1, 8)]),
    ]:
        assert list(shots(*((start, 0) for start in starts)).views(seen, 100)) == expected, starts


def test_without_cuts_a_window_stays_whole() -> None:
    """Prompts blend inside a window; it is not divided."""
    assert list(shots((103, 0), cuts=False).views(Window(-4, 0, 8), 100)) == [Window(-4, 0, 8)]


def test_where_a_shot_begins() -> None:
    """At a start, and with cuts at every cue."""
    for cuts, expected in [(False, [4]), (True, [4, 10])]:
        assert [latent for latent in range(3, 20) if shots((10, 3), cuts=cuts, origin=4).begins(latent)] == expected


def test_a_shot_fades_from_the_last_picture() -> None:
    """The old shot's last picture stands still while the new shot comes up over it."""
    assert shown(shots((2, 3)), [0, 8, 4, 4, 4, 4]) == [0, 8, 7, 6, 5, 4]


def test_without_transition_it_is_a_cut() -> None:
    """Nothing is mixed."""
    assert shown(shots((2, 0)), [0, 8, 4, 5]) == [0, 8, 4, 5]


def test_without_cuts_pictures_stay_as_they_are() -> None:
    """A transition is in the prompts; what is shown is what the model made."""
    assert shown(shots((2, 3), cuts=False), [0, 8, 4, 4]) == [0, 8, 4, 4]


def test_a_dissolve_that_is_interrupted() -> None:
    """The next dissolve begins at the mix that was shown, without a jump."""
    assert shown(shots((1, 1), (2, 1)), [0, 8, 0, 0]) == [0, 4, 2, 0]


def test_nothing_to_fade_from() -> None:
    """After a restart there is no picture before; the new shot is shown as it is."""
    assert shown(shots((0, 9)), [3, 4]) == [3, 4]
