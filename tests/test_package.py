"""Facts about what `pip install .` ships."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

SHIPPED = ("fifo_live", "server", "client_web", "obs_plugin")


@pytest.mark.timeout(120)
def test_the_wheel_holds_every_committed_file_of_the_product(root: Path, tmp_path: Path) -> None:
    """Code, pages, OBS files and weights that git knows are all in the wheel."""
    listing = subprocess.run(["git", "ls-files", *SHIPPED], cwd=root, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("This is no git checkout.")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    copy = tmp_path / "source"
    _copy(root, copy, [*listing.stdout.split("\n"), "pyproject.toml", "README.md", "LICENSE"])
    subprocess.run([*command, "--wheel-dir", str(tmp_path), str(copy)], check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        shipped = set(wheel.namelist())
    assert [name for name in listing.stdout.split("\n") if name and name not in shipped] == []


def _copy(root: Path, target: Path, names: list[str]) -> None:
    """Copy files to a folder of their own, so that the build leaves nothing in the checkout."""
    for name in filter(None, names):
        if (root / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((root / name).read_bytes())


def test_the_lock_holds_all_that_is_asked_for(root: Path) -> None:
    """Every requirement of pyproject.toml has its exact version in requirements.lock, which names no address."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    wanted = [Requirement(text) for text in project["dependencies"] + project["optional-dependencies"]["test"]]
    lines = (root / "requirements.lock").read_text().splitlines()
    locked = dict(line.lower().split("==") for line in lines if not line.startswith("#"))
    versions = {name.replace("_", "-"): version for name, version in locked.items()}
    assert [str(requirement) for requirement in wanted if requirement.name.replace("_", "-") not in versions] == []
    assert all(requirement.specifier.contains(versions[requirement.name.replace("_", "-")]) for requirement in wanted)
    assert not any("://" in line or line.startswith("-") for line in lines)
