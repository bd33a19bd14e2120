"""Models are found by name."""

import pytest
import torch

from fifo_live.errors import ModelError
from fifo_live.models.registry import load_model

CPU = torch.device("cpu")


def test_loads_ones_own() -> None:
    """A model outside the project is named as package.module:loader."""
    assert load_model("tests.toy:load", CPU, "auto").spec.name == "toy"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no-such-model", "There is no model called 'no-such-model'"),
        ("/no/such/folder", "no folder of that name"),
        ("/tmp", "holds no model that fifo-live knows"),
        ("tests.nowhere:load", "names code that is not there"),
        ("tests.toy:nothing", "names code that is not there"),
    ],
)
def test_unknown_names_are_sentences(name: str, words: str) -> None:
    """A name that leads nowhere is an error that says what would."""
    with pytest.raises(ModelError, match=words):
        load_model(name, CPU, "auto")
