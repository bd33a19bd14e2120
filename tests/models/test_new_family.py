"""A new family is one new file, tests/models/toy_family.py, and one line of the registry."""

import json
from pathlib import Path

import pytest
import torch

from fifo_live.models.names import ADAPTERS, Adapter, family_names, suggestion
from fifo_live.models.options import LoadOptions
from fifo_live.models.registry import cards, load_model

OPTIONS = LoadOptions(torch.device("cpu"))


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ADAPTERS, "toyfamily", Adapter("tests.models.toy_family:FAMILY", ("toys/toy-1",)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model of the family as it would be published."""
    (tmp_path / "model_index.json").write_text(json.dumps({"_class_name": "ToyPipeline"}), encoding="utf-8")
    return tmp_path


def test_it_is_loaded_by_its_name_and_by_its_folder(folder: Path) -> None:
    """`toyfamily:FOLDER` and the folder alone stand for the same model, which can be run."""
    for name in (f"toyfamily:{folder}", str(folder)):
        denoiser = load_model(name, OPTIONS)
        x = torch.zeros(1, 2, *denoiser.spec.latent_shape)
        assert denoiser.spec.name == "toy"
        assert denoiser.decoder().decode(x[0]).shape == (2, denoiser.spec.height, denoiser.spec.width, 3)


def test_it_is_listed_and_suggested() -> None:
    """Its name and its card stand where those of all other families do."""
    assert "toyfamily" in family_names()
    assert "toys/toy-1" in [card.hub_id for _, card in cards()]
    assert suggestion("toys/toy-2") == " Did you mean 'toys/toy-1'?"
