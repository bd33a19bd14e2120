"""Facts about `bench prompts`, with a classifier that has learnt nothing and a model that paints noise."""

from dataclasses import replace
from statistics import median

import pytest
import torch

from fifo_live.bench import prompts
from fifo_live.bench.prompt_set import Asked
from fifo_live.bundled.classifier import STRETCH, Classifier, Reading
from fifo_live.bundled.weights import load_encoder
from fifo_live.config import Config

TOY = Config().with_values(model={"name": "tests.toy:load"}, engine={"levels": 8})
SEA = Asked("a red sea going left", "sea", "red", heading="left")
READING = Reading("sea", "red", "fast", "left")


def seen(asked: Asked, reading: Reading = READING, detail: float = 0.1, displacement: float = 0.1) -> prompts.Seen:
    """Something seen whose features do not matter."""
    return prompts.Seen(asked, reading, torch.zeros(1, 4), 0.1, detail, torch.zeros(1, 4), displacement)


def test_only_what_was_asked_for_can_be_wrong() -> None:
    """A speed that nobody asked for is never wrong; a palette that was is."""
    assert seen(SEA, READING).wrong() == []
    assert seen(SEA, replace(READING, palette="blue", speed="slow")).wrong() == ["palette"]
    assert seen(SEA, replace(READING, scene="aurora+sea", heading="right")).wrong() == ["scene", "heading"]


def test_accuracies_count_those_that_ask() -> None:
    """Each accuracy is a share of the prompts that name the attribute."""
    slow = Asked("a slow fire", "fire", speed="slow")
    looks = [
        seen(SEA, READING),
        seen(SEA, replace(READING, palette="blue")),
        seen(slow, replace(READING, speed="slow")),
    ]
    assert prompts.accuracies(looks) == {
        "scene_accuracy": pytest.approx(2 / 3),
        "colour_accuracy": 0.5,
        "direction_accuracy": 1,
        "speed_accuracy": 1,
    }


def test_a_failure_names_what_differs() -> None:
    """The report has the prompt, and of both sides only the attributes that differ."""
    assert prompts.failure(seen(SEA, replace(READING, heading="right"))) == {
        "prompt": SEA.text,
        "asked": {"heading": "left"},
        "seen": {"heading": "right"},
    }


def test_what_is_not_said_is_drawn_as_is_natural(monkeypatch: pytest.MonkeyPatch) -> None:
    """A prompt that only names a scene gives the same clip as one that names its natural attributes too."""
    monkeypatch.setattr(prompts, "SIZE", (64, 64))
    monkeypatch.setattr(prompts, "READ", 3)
    plain = prompts.draw(Asked("", "sea"), 5)
    assert torch.equal(plain, prompts.draw(Asked("", "sea", "blue", "medium", "left"), 5))
    assert not torch.equal(plain, prompts.draw(Asked("", "sea", "red"), 5))


def test_flicker_is_what_changes_back_and_forth() -> None:
    """A picture that brightens evenly does not flicker, one that blinks does."""
    eyes = prompts.Eyes(Classifier().eval(), load_encoder())
    ramp = torch.arange(STRETCH, dtype=torch.uint8)[:, None, None, None].expand(-1, 160, 288, 3)
    assert prompts.look(eyes, SEA, ramp * 10).flicker == pytest.approx(0, abs=1e-6)
    assert prompts.look(eyes, SEA, (ramp % 2) * 255).flicker == pytest.approx(2)


def test_detail_and_movement_are_compared_scene_by_scene() -> None:
    """Each scene is set against drawn clips of the same: detail as a root of mean squares, movement as a mean."""
    fire = Asked("a fire", "fire")
    made = [seen(SEA, detail=0.01), seen(SEA, detail=0.07, displacement=0.3), seen(fire, displacement=0.5)]
    drawn = [seen(SEA, detail=0.16, displacement=0.1), seen(fire, displacement=0.2)]
    assert prompts.compared(made, drawn, prompts.root_detail) == {"sea": pytest.approx(0.5), "fire": 1}
    assert prompts.compared(made, drawn, prompts.movement) == {"sea": pytest.approx(2), "fire": 2.5}


def test_the_whole_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every figure is there, and every prompt is read."""
    asked = (SEA, Asked("a slow silver fire", "fire", "silver", "slow"))
    monkeypatch.setattr(prompts, "ASKED", asked)
    monkeypatch.setattr(prompts, "SKIPPED", 2)
    monkeypatch.setattr(prompts, "SIZE", (64, 64))
    monkeypatch.setattr(prompts, "load_classifier", lambda: Classifier().eval())
    monkeypatch.setattr(prompts, "load_record", lambda: {"accuracy": {"scene": 1.0}})
    figures = prompts.measure(TOY)
    assert figures["num_prompts"] == 2
    assert figures["judge_accuracy"] == {"scene": 1.0}
    for accuracy in ("scene", "colour", "direction", "speed"):
        assert 0 <= figures[f"{accuracy}_accuracy"] <= 1
        assert 0 <= figures["drawn_accuracy"][f"{accuracy}_accuracy"] <= 1
    assert figures["frechet_distance"] > 0
    assert figures["frechet_distance_halves"] > 0
    assert figures["frechet_distance_full_size"] > 0
    assert figures["frechet_distance_full_size_halves"] >= 0
    assert figures["flicker_ratio"] > 0
    assert set(figures["detail_by_scene"]) == set(figures["motion_by_scene"]) == {"sea", "fire"}
    assert figures["detail_ratio"] == median(figures["detail_by_scene"].values()) > 0
    assert figures["motion_ratio"] == median(figures["motion_by_scene"].values())
    assert {failure["prompt"] for failure in figures["failures"]} <= {one.text for one in asked}
