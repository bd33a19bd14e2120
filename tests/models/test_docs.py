"""Facts about docs/models.md: its table is the code's, its plug-in is installed and runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from fifo_live.models.names import forget_plugins
from fifo_live.models.options import LoadOptions
from fifo_live.models.registry import load_model, loaders
from scripts.models import PAGE, page

EXAMPLE = re.compile(r"```\w+\n# (\S+)\n(.*?)```", re.DOTALL)


def test_the_table_is_that_of_the_code() -> None:
    """`python scripts/models.py` would change nothing."""
    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text, "Run python scripts/models.py."
    assert "cerspense/zeroscope_v2_576w" in text


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page's example as a package, installed by pip into a folder that Python looks into."""
    source, site = tmp_path / "source", tmp_path / "site"
    source.mkdir()
    for name, text in EXAMPLE.findall(PAGE.read_text(encoding="utf-8")):
        (source / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--target", str(site), str(source)], check=True, capture_output=True)
    monkeypatch.syspath_prepend(str(site))
    forget_plugins()
    return site


@pytest.mark.timeout(120)
def test_the_plugin_of_the_page_is_found_and_runs(plugin: Path) -> None:
    """Once installed its name is listed, it is loaded by it, and it follows its prompt."""
    assert "drift" in loaders()
    denoiser = load_model("drift", LoadOptions(torch.device("cpu")))
    sea, fire = denoiser.encode_prompts(["a sea", "fire"])
    x = torch.randn(1, 8, *denoiser.spec.latent_shape)
    clean = x - denoiser.denoise(x, torch.ones(1, 8), sea.expand(1, 8, 3))
    assert float((clean.mean((1, 3, 4)) - sea).abs().max()) < 0.3 < float((sea - fire).abs().max())
    assert denoiser.decoder().decode(clean[0]).shape == (8, 64, 64, 3)
