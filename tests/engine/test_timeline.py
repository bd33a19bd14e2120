"""Which prompt a latent is born under."""

import pytest

from fifo_live.engine.timeline import MAX_BEFORE, Cue, Timeline, urgent_start


def timeline() -> Timeline:
    return Timeline(Cue(0, 0, 0, (("sea", 1.0),)))


def test_change_leaves_older_latents_alone() -> None:
    """Latents before the start of a cue keep what they had; those from it on get the new prompt."""
    cues = timeline()
    cues.add(1, (("fire", 1.0),), start=10)
    assert cues.blend_at(9) == {"sea": 1.0} and cues.cue_at(9).number == 0
    assert cues.blend_at(10) == {"fire": 1.0} and cues.cue_at(10).number == 1


def test_transition_is_linear() -> None:
    """A transition of three latents has three mixed ones, then the new prompt alone."""
    cues = timeline()
    cues.add(1, (("fire", 1.0),), start=10, transition=3)
    shares = [cues.blend_at(latent).get("fire", 0.0) for latent in range(9, 15)]
    assert shares == pytest.approx([0, 0.25, 0.5, 0.75, 1, 1])
    assert all(sum(cues.blend_at(latent).values()) == pytest.approx(1) for latent in range(9, 15))


def test_a_cue_is_settled_behind_its_transition() -> None:
    """The first latent without anything of the old prompt is told; with cuts it is the first of the shot."""
    cues = timeline()
    cue = cues.add(1, (("fire", 1.0),), start=10, transition=3)
    assert cue.settled == 13
    assert cues.blend_at(12) != {"fire": 1.0} == cues.blend_at(13)
    assert Timeline(Cue(0, 0, 0, (("sea", 1.0),)), cuts=True).add(1, (("fire", 1.0),), 10, 3).settled == 10


def test_interrupted_transition_goes_on_from_where_it_was() -> None:
    """A cue that comes in the middle of a transition starts from the mix that was reached, without a jump."""
    cues = timeline()
    cues.add(1, (("fire", 1.0),), start=10, transition=9)
    cues.add(2, (("snow", 1.0),), start=15, transition=99)
    before, after = cues.blend_at(14), cues.blend_at(15)
    assert before == pytest.approx({"sea": 0.5, "fire": 0.5})
    assert after == pytest.approx({"sea": 0.495, "fire": 0.495, "snow": 0.01})


def test_blend_of_prompts() -> None:
    """A cue may be a blend; its weights are normalised."""
    cues = timeline()
    cues.add(1, (("fire", 3.0), ("snow", 1.0)), start=5)
    assert cues.blend_at(5) == pytest.approx({"fire": 0.75, "snow": 0.25})


def test_newer_cue_wins() -> None:
    """An urgent cue may start before one that still waits; from there on it wins."""
    cues = timeline()
    cues.add(1, (("fire", 1.0),), start=20)
    cues.add(2, (("snow", 1.0),), start=15)
    assert [cues.cue_at(latent).number for latent in (14, 15, 20, 30)] == [0, 2, 2, 2]


def test_forgets_what_is_over() -> None:
    """The timeline stays short however many cues there were, and still answers for what is to come."""
    cues = timeline()
    for number in range(1, 500):
        cues.add(number, ((f"prompt {number}", 1.0),), start=number, transition=4)
        cues.forget_before(number)
        assert len(cues.cues) <= 2
    assert max(cues.blend_at(600).items(), key=lambda item: item[1])[0] == "prompt 499"
    assert len(cues.blend_at(499)) < 40


def test_bring_forward() -> None:
    """The newest cue can be made to start at once."""
    cues = timeline()
    cues.add(1, (("fire", 1.0),), start=20, transition=8)
    cue = cues.bring_forward(12)
    assert (cue.start, cue.transition) == (12, 0)
    assert cues.blend_at(12) == {"fire": 1.0}


@pytest.mark.parametrize(("urgency", "start"), [(1.0, 18), (0.75, 16), (0.5, 14), (0.0, 10)])
def test_urgency(urgency: float, start: int) -> None:
    """Urgency 1 waits for the next latent, 0 re-prompts the whole queue, between them a threshold decides."""
    levels = [(10 + i, (i + 1) / 9) for i in range(8)]
    assert urgent_start(levels, 18, urgency) == start


def test_with_cuts_prompts_do_not_blend() -> None:
    """With cuts a cue's prompts count from its first latent on; its transition only says how far the picture is."""
    cues = Timeline(Cue(0, 0, 0, (("sea", 1.0),)), cuts=True)
    cues.add(1, (("fire", 1.0),), start=10, transition=3)
    assert [cues.blend_at(latent) for latent in (9, 10)] == [{"sea": 1.0}, {"fire": 1.0}]
    assert [cues.share_at(latent) for latent in range(9, 15)] == [1.0, 0.25, 0.5, 0.75, 1.0, 1.0]


@pytest.mark.parametrize("cuts", [False, True])
def test_cues_that_cannot_be_seen_are_dropped(cuts: bool) -> None:
    """Of cues that start at one latent, as in a pause, only the last is kept; what an urgent one hides is dropped."""
    cues = Timeline(Cue(0, 0, 0, (("sea", 1.0),)), cuts=cuts)
    for number in range(1, 200):
        cues.add(number, ((f"prompt {number}", 1.0),), start=20, transition=5)
    assert [cue.number for cue in cues.cues] == [0, 199]
    cues.add(200, (("snow", 1.0),), start=15)
    assert [cue.number for cue in cues.cues] == [0, 200]
    cues.add(201, (("fire", 1.0),), start=20, transition=5)
    assert cues.bring_forward(12).number == 201 and [cue.number for cue in cues.cues] == [0, 201]
    assert cues.cues[-1].before == {}


def test_a_transition_starts_from_few_texts() -> None:
    """However many transitions interrupt each other, the heaviest texts are kept and the new prompt is always there."""
    cues = timeline()
    for number in range(1, 300):
        cues.add(number, ((f"prompt {number}", 1.0),), start=number, transition=500)
        cues.forget_before(number)
        blend = cues.blend_at(number)
        assert len(blend) <= MAX_BEFORE + 1 and sum(blend.values()) == pytest.approx(1)
        assert f"prompt {number}" in blend and "sea" in blend
