"""Facts about what `pip install .` ships."""

import ast
import os
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import fifo_live
from tests.trees import ROOT

SHIPPED = ("fifo_live", "server", "client_web", "obs_plugin")
TRAINING = "fifo_live/training/"
RUN = """
import sys
sys.meta_path[:] = [finder for finder in sys.meta_path if not finder.__module__.startswith("__editable__")]
from fifo_live.cli import main
main()
"""
"""Runs the command line of what lies in the working folder, without the checkout that an editable install adds."""

OWN = {*SHIPPED, "scripts", "tests"}
BUILT_IN = set(sys.stdlib_module_names) | {"_typeshed"}
"""Python's own modules, and the one that only type checkers have."""

LOADED_BY_OTHERS = {"accelerate", "protobuf", "sentencepiece"}
"""Distributions that diffusers and transformers import where they are installed; no file of ours names them."""

COMMANDS = {"coverage", "mypy", "pytest-timeout", "ruff", "setuptools", "types-jsonschema", "types-psutil"}
"""Distributions of the tests that are run, or read by a tool, and not imported."""


@pytest.fixture(scope="module")
def committed() -> list[str]:
    """The files of the product that git knows."""
    listing = subprocess.run(["git", "ls-files", *SHIPPED], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("This is no git checkout.")
    return [name for name in listing.stdout.split("\n") if (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def unpacked(committed: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the wheel holds."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    _copy(ROOT, folder / "source", [*committed, "pyproject.toml", "README.md", "LICENSE"])
    subprocess.run([*command, "--wheel-dir", str(folder), str(folder / "source")], check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "unpacked")
    return folder / "unpacked"


@pytest.mark.timeout(120)
def test_the_wheel_holds_every_committed_file_of_the_product(committed: list[str], unpacked: Path) -> None:
    """Code, pages, OBS files and weights that git knows are all in the wheel, and nothing of the training is."""
    missing = [name for name in committed if not (unpacked / name).is_file()]
    assert missing == [name for name in committed if name.startswith(TRAINING)]
    assert missing != []


@pytest.mark.timeout(120)
def test_a_stream_needs_nothing_of_the_training(unpacked: Path, tmp_path: Path) -> None:
    """What the wheel holds generates pictures with the bundled model."""
    arguments = ["generate", "--prompt", "a calm sea", "--frames", "2", "--out", str(tmp_path / "out.mp4")]
    result = _run(unpacked, *arguments)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "out.mp4").stat().st_size > 0


@pytest.mark.timeout(120)
def test_a_benchmark_without_the_training_says_what_it_needs(unpacked: Path) -> None:
    """`bench prompts` draws clips to compare with; where the drawing is not installed it says so in one sentence."""
    result = _run(unpacked, "bench", "prompts")
    assert result.returncode == 2, result.stderr
    assert "run it from a checkout" in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the product as it lies in a folder, which is not a checkout."""
    command = [sys.executable, "-c", RUN, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=90, check=False)


def _copy(root: Path, target: Path, names: list[str]) -> None:
    """Copy files to a folder of their own, so that the build leaves nothing in the checkout."""
    for name in filter(None, names):
        if (root / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((root / name).read_bytes())


def test_what_the_product_imports_is_declared() -> None:
    """Each package that a shipped file imports is a dependency; each dependency is imported, or loaded by another."""
    declared = set(_declared(_project()["dependencies"]))
    imported = _imported(*SHIPPED)
    assert imported - declared == set()
    assert declared - imported == LOADED_BY_OTHERS


def test_what_the_tests_import_is_declared() -> None:
    """Each package that a test or script imports is declared, and the test extra holds nothing that nobody uses."""
    project = _project()
    declared, extra = set(_declared(project["dependencies"])), set(_declared(project["optional-dependencies"]["test"]))
    imported = _imported("tests", "scripts")
    assert imported - declared - extra == set()
    assert extra - imported == COMMANDS - imported
    assert extra & declared == set()


def test_the_version_is_written_once() -> None:
    """pyproject.toml reads the version from `fifo_live.__version__`, and the changelog knows of it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"] and project["project"]["dynamic"] == ["version"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "fifo_live.__version__"}
    assert f"\n## {fifo_live.__version__} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


def _declared(requirements: list[str]) -> Iterator[str]:
    return (canonicalize_name(Requirement(text).name) for text in requirements)


@cache
def _imported(*folders: str) -> set[str]:
    """Return the distributions that the Python files below some folders import, at whatever depth."""
    distributions = packages_distributions()
    names = {
        name.partition(".")[0] for folder in folders for path in (ROOT / folder).rglob("*.py") for name in _names(path)
    }
    third_party = names - OWN - BUILT_IN
    return {canonicalize_name(distributions.get(name, [name])[0]) for name in third_party}


def _names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@pytest.mark.parametrize("extra", ["test", "docs"])
def test_a_lock_holds_all_that_is_asked_for(extra: str) -> None:
    """Every requirement of pyproject.toml has its exact version in a lock, and no lock names an address."""
    project = _project()
    texts = project["optional-dependencies"][extra] + (project["dependencies"] if extra == "test" else [])
    wanted = [Requirement(text) for text in texts]
    lock = "requirements.lock" if extra == "test" else "requirements-docs.lock"
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    locked = (line.split("==") for line in lines if not line.startswith("#"))
    versions = {canonicalize_name(name): version for name, version in locked}
    assert [str(requirement) for requirement in wanted if canonicalize_name(requirement.name) not in versions] == []
    assert all(requirement.specifier.contains(versions[canonicalize_name(requirement.name)]) for requirement in wanted)
    assert not any("://" in line or line.startswith("-") for line in lines)
