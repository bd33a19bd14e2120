"""Models are found by name."""

import sys
from pathlib import Path

import pytest
import torch

from fifo_live.errors import ModelError
from fifo_live.models.options import LoadOptions
from fifo_live.models.registry import load_model

CPU = torch.device("cpu")
OPTIONS = LoadOptions(CPU)


def test_loads_ones_own() -> None:
    """A model outside the project is named as package.module:loader."""
    assert load_model("tests.toy:load", OPTIONS).spec.name == "toy"


def test_finds_ones_own_in_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that lies where the command is run is found, behind everything else that there is."""
    (tmp_path / "my_toy.py").write_text("from tests.toy import load\n")
    (tmp_path / "colorsys.py").write_text("raise SystemExit('led astray')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [folder for folder in sys.path if folder])
    assert load_model("my_toy:load", OPTIONS).spec.name == "toy"
    with pytest.raises(ModelError, match="has no attribute"):
        load_model("colorsys:load", OPTIONS)


def test_code_that_cannot_be_imported_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip in one's own file is told with its line, as something that a second try would not mend."""
    (tmp_path / "my_slip.py").write_text("def load(:\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    with pytest.raises(ModelError, match=r"'my_slip:load' cannot be imported.*my_slip\.py, line 1"):
        load_model("my_slip:load", OPTIONS)


def test_hands_on_the_path(tmp_path: Path) -> None:
    """What follows the name goes to the loader, for our own models and for others."""
    (tmp_path / "adapter.py").write_text("def load(path, device, dtype):\n    return path, device, dtype\n")
    sys.path.insert(0, str(tmp_path))
    try:
        given: list[object] = [load_model(name, OPTIONS) for name in ("adapter:load:/some/where", "adapter:load")]
        assert given == [("/some/where", CPU, "auto"), ("", CPU, "auto")]
    finally:
        sys.path.remove(str(tmp_path))
    with pytest.raises(ModelError, match="incomplete"):
        load_model(f"bundled:{tmp_path}", OPTIONS)


def test_a_plain_loader_takes_no_more_than_it_knows() -> None:
    """An option that a model cannot follow is refused, not ignored."""
    with pytest.raises(ModelError, match="tests.toy:load does not take the option decoder"):
        load_model("tests.toy:load", LoadOptions(CPU, decoder="tiny"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no-such-model", "There is no model called 'no-such-model'"),
        ("/no/such/folder", "no folder of that name"),
        ("/tmp", "holds no model that fifo-live knows"),
        (":load", "There is no model called ':load'"),
        ("tests.nowhere:load", "names code that is not there"),
        ("tests.toy:nothing", "names code that is not there"),
    ],
)
def test_unknown_names_are_sentences(name: str, words: str) -> None:
    """A name that leads nowhere is an error that says what would."""
    with pytest.raises(ModelError, match=words):
        load_model(name, OPTIONS)
