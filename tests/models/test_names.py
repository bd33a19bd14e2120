"""Facts about the names of models, as people type them."""

import pytest

from fifo_live.models.names import ADAPTERS, family_names, published, suggestion, unknown_model
from fifo_live.models.registry import cards


def test_the_published_names_are_those_of_the_cards() -> None:
    """The list for suggestions and the cards name the same models, in the same order."""
    assert published() == [card.hub_id for _, card in cards()]


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("bundeld", "bundled"),
        ("Bundled", "bundled"),
        ("anmatediff", "animatediff"),
        ("zeroscope_v2_576", "cerspense/zeroscope_v2_576w"),
        ("cerspense/zeroscope_v2_576", "cerspense/zeroscope_v2_576w"),
        ("wan-ai/wan2.1-t2v-1.3b-diffusers", "Wan-AI/Wan2.1-T2V-1.3B-Diffusers"),
        ("CogVideoX-2B", "THUDM/CogVideoX-2b"),
    ],
)
def test_a_near_miss_gets_a_suggestion(wrong: str, meant: str) -> None:
    """The nearest name of a family or of a published model, whatever the case and with or without its owner."""
    assert suggestion(wrong) == f" Did you mean {meant!r}?"


@pytest.mark.parametrize("name", ["nonsense", "", "/no/such/folder", "bundled", "cerspense/zeroscope_v2_576w"])
def test_what_is_like_nothing_or_right_gets_none(name: str) -> None:
    """A suggestion that cannot help is left out."""
    assert suggestion(name) == ""


def test_the_sentence_names_what_models_lists() -> None:
    """Every family by the name that `fifo-live models` prints."""
    sentence = str(unknown_model("nonsense"))
    assert all(name in sentence for name in family_names())
    assert set(ADAPTERS) <= set(family_names())
