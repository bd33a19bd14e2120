"""Facts about what is wrong with a configuration before any model is loaded."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import huggingface_hub.constants
import pytest

from fifo_live.config import Config
from fifo_live.errors import FifoLiveError
from fifo_live.models.requested_files import check_wishes


def check(**model: Any) -> None:
    check_wishes(Config().with_values(model=model).model)


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        ({"name": "nonsense"}, "There is no model called 'nonsense'"),
        ({"name": ""}, "There is no model called ''"),
        ({"name": ":load"}, "There is no model called ':load'"),
        ({"name": "./models/wan"}, "There is no model called './models/wan'"),
        ({"name": "/no/such/folder"}, "no folder of that name"),
        ({"name": "nowhere:load"}, "There is no model called 'nowhere:load'"),
        ({"name": "tests.nowhere:load"}, "no module named 'tests.nowhere'"),
        ({"name": "nowhere.at.all:load"}, "no module named 'nowhere.at.all'"),
        ({"name": "tests.painted:nothing"}, "tests.painted has no 'nothing'"),
        ({"name": "wan:nowhere"}, "no folder or file 'nowhere' to load wan from"),
        ({"name": "wan", "lora": ("none.safetensors:0.5",)}, "There is no LoRA file 'none.safetensors'"),
        ({"name": "wan", "lora": ("none.safetensors:much",)}, "--lora wants path or path:scale"),
        ({"name": "wan", "decoder": "tiny:none.safetensors"}, "There is no tiny decoder 'none.safetensors'"),
        ({"init": "none.png"}, "There is no file 'none.png' to begin with"),
        ({"lora": ("a",)}, "bundled does not take the option lora"),
        ({"width": 640}, "bundled does not take the option width"),
        ({"decoder": "tiny"}, "bundled does not take the option decoder"),
    ],
)
def test_what_is_missing_is_said(
    wishes: dict[str, Any], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence for each name that leads nowhere."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FifoLiveError, match=sentence):
        check(**wishes)


@pytest.mark.parametrize(
    "name",
    [
        "bundled",
        "wan",
        "wan:Wan-AI/Wan2.1-T2V-1.3B-Diffusers",
        "somebody/something",
        "tests.painted:load",
        "json:load",
    ],
)
def test_what_may_be_there_passes(name: str) -> None:
    """Families, hub ids and code that can be found; whether a hub has a model is not asked here."""
    check(name=name)


def test_code_in_the_working_folder_is_found_and_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One's own file is looked into, not imported."""
    (tmp_path / "mine.py").write_text("raise SystemExit('was run')\ndef load(path, device, dtype): ...\n")
    monkeypatch.chdir(tmp_path)
    check(name="mine:load")
    with pytest.raises(FifoLiveError, match="mine has no 'laod'"):
        check(name="mine:laod")


def test_a_folder_without_a_model_is_said(tmp_path: Path) -> None:
    """It needs a configuration, or exactly one checkpoint file."""
    with pytest.raises(FifoLiveError, match="holds no model"):
        check(name=str(tmp_path))
    (tmp_path / "one.safetensors").touch()
    check(name=str(tmp_path))


def test_a_model_that_may_not_be_downloaded_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With HF_HUB_OFFLINE only what is on this machine passes."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(FifoLiveError, match="is not on this machine, and HF_HUB_OFFLINE is set. Did you mean"):
        check(name="cerspense/zeroscope_v2_567w")
    (tmp_path / "models--somebody--something").mkdir()
    check(name="somebody/something/folder")


def test_no_torch_is_needed() -> None:
    """The server looks at wishes too, and never imports torch."""
    script = (
        "from fifo_live.models.requested_files import check_wishes; from fifo_live.config import Config; import sys\n"
    )
    script += "check_wishes(Config().model); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], timeout=50, check=False).returncode == 0
