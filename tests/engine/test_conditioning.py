"""Every latent with its own blend of prompts."""

import torch

from fifo_live.engine.conditioning import Conditioning
from fifo_live.engine.timeline import Cue, Timeline
from tests.toy import ToyDenoiser


def make() -> tuple[Conditioning, Timeline, ToyDenoiser]:
    toy, timeline = ToyDenoiser(), Timeline(Cue(0, 0, 0, (("sea", 1.0),)))
    conditioning = Conditioning(timeline, toy.encode_prompts, toy.device)
    conditioning.learn(["sea"])
    return conditioning, timeline, toy


def test_blends_linearly() -> None:
    """Halfway through a transition the conditioning lies halfway between both prompts."""
    conditioning, timeline, toy = make()
    conditioning.learn(["fire"])
    timeline.add(1, (("fire", 1.0),), start=10, transition=1)
    before, middle, after = conditioning.of([9, 10, 11])
    sea, fire = toy.encode_prompts(["sea", "fire"])
    assert torch.allclose(before, sea) and torch.allclose(after, fire)
    assert torch.allclose(middle, (sea + fire) / 2)


def test_an_urgent_cue_replaces_what_was_kept() -> None:
    """A latent that is re-prompted gets its new conditioning although the old one had been worked out."""
    conditioning, timeline, toy = make()
    conditioning.of([5])
    conditioning.learn(["fire"])
    timeline.add(1, (("fire", 1.0),), start=4)
    assert torch.allclose(conditioning.of([5])[0], toy.encode_prompts(["fire"])[0])


def test_a_pinned_latent_keeps_its_conditioning() -> None:
    """What is pinned outlives the cue it came from; the next one that is pinned takes its place."""
    conditioning, timeline, toy = make()
    conditioning.learn(["fire"])
    conditioning.pin(0)
    timeline.add(1, (("fire", 1.0),), start=10)
    conditioning.forget_before(30)
    sea, fire = toy.encode_prompts(["sea", "fire"])
    assert torch.equal(conditioning.of([0, 30]), torch.stack([sea, fire]))
    conditioning.pin(30)
    assert torch.equal(conditioning.of([0, 30]), torch.stack([fire, fire]))


def test_teaching_needs_no_encoder() -> None:
    """A rank that is taught a conditioning does not encode the text itself."""
    conditioning, timeline, toy = make()
    conditioning.teach({"fire": torch.tensor([7.0, 8.0])})
    timeline.add(1, (("fire", 1.0),), start=0)
    assert conditioning.learn(["fire"]) == {}
    assert conditioning.of([0])[0].tolist() == [7.0, 8.0]
    assert toy.encoded == ["sea"]
