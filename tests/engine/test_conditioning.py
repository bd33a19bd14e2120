"""Every latent with its own blend of prompts."""

import pytest
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
    before, middle, after = conditioning.of([[9, 10, 11]])[0]
    sea, fire = toy.encode_prompts(["sea", "fire"])
    assert torch.allclose(before, sea) and torch.allclose(after, fire)
    assert torch.allclose(middle, (sea + fire) / 2)


def test_an_urgent_cue_replaces_what_was_kept() -> None:
    """A latent that is re-prompted gets its new conditioning although the old one had been worked out."""
    conditioning, timeline, toy = make()
    conditioning.of([[5]])
    conditioning.learn(["fire"])
    timeline.add(1, (("fire", 1.0),), start=4)
    assert torch.allclose(conditioning.of([[5]])[0, 0], toy.encode_prompts(["fire"])[0])


def test_one_prompt_is_not_copied() -> None:
    """Under one prompt all latents of all windows share one tensor, also when the prompt is a blend."""
    conditioning, timeline, toy = make()
    conditioning.learn(["fire"])
    timeline.add(1, (("fire", 3.0), ("sea", 1.0)), start=10)
    for rows in ([[0, 1], [4, 5]], [[10, 11], [20, 30]]):
        cond = conditioning.of(rows)
        assert cond.shape == (2, 2, 2) and cond.untyped_storage().nbytes() == 8
    assert conditioning.of([[0, 1], [10, 11]]).untyped_storage().nbytes() == 16
    assert conditioning.of([[9, 10], [10, 11]]).untyped_storage().nbytes() == 32


@pytest.mark.parametrize("rows", [[[0, 1]], [[0, 1], [10, 11]], [[9, 10], [0, 1]]])
def test_guidance_adds_the_empty_prompt(rows: list[list[int]]) -> None:
    """Behind the rows come as many of the empty prompt, whether or not the rows could be shared."""
    conditioning, timeline, toy = make()
    conditioning.learn(["fire"])
    timeline.add(1, (("fire", 1.0),), start=10)
    sea, fire, blank = toy.encode_prompts(["sea", "fire", ""])
    expected = [[fire if latent >= 10 else sea for latent in row] for row in rows] + [[blank] * 2] * len(rows)
    cond = conditioning.of(rows, guided=True)
    assert torch.equal(cond, torch.stack([torch.stack(row) for row in expected]))


def test_a_pinned_latent_keeps_its_conditioning() -> None:
    """What is pinned outlives the cue it came from; the next one that is pinned takes its place."""
    conditioning, timeline, toy = make()
    conditioning.learn(["fire"])
    conditioning.pin(0)
    timeline.add(1, (("fire", 1.0),), start=10)
    conditioning.forget_before(30)
    sea, fire = toy.encode_prompts(["sea", "fire"])
    assert torch.equal(conditioning.of([[0, 30]])[0], torch.stack([sea, fire]))
    conditioning.pin(30)
    assert torch.equal(conditioning.of([[0, 30]])[0], torch.stack([fire, fire]))


def test_teaching_needs_no_encoder() -> None:
    """A rank that is taught a conditioning does not encode the text itself."""
    conditioning, timeline, toy = make()
    conditioning.teach({"fire": torch.tensor([7.0, 8.0])})
    timeline.add(1, (("fire", 1.0),), start=0)
    assert conditioning.learn(["fire"]) == {}
    assert conditioning.of([[0]])[0, 0].tolist() == [7.0, 8.0]
    assert toy.encoded == ["sea"]
