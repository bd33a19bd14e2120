"""Facts about the Makefile."""

import re
import subprocess
from pathlib import Path

import pytest


def test_help_lists_every_target(root: Path) -> None:
    """`make help` has a line for each target, and `make` alone is the same."""
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):", makefile, re.MULTILINE)
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony and phony[1].split() == targets
    listed = _make(root, "help")
    assert re.findall(r"^    make (\w+) +\w", listed, re.MULTILINE) == targets
    assert _make(root) == listed


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "CONTRIBUTING.md",
        "docs/release.md",
        ".github/workflows/test.yml",
        ".github/pull_request_template.md",
    ],
)
def test_what_is_told_to_make_can_be_made(name: str, root: Path) -> None:
    """Every `make TARGET` in our pages and in continuous integration names a target."""
    targets = re.findall(r"^([a-z]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    told = re.findall(r"(?:`|^ {4}|run: )make ([a-z]+)", (root / name).read_text(encoding="utf-8"), re.MULTILINE)
    assert told and set(told) <= set(targets)


def test_continuous_integration_runs_what_people_run(root: Path) -> None:
    """The workflow and .ci/run know one command, `make test`, and hold no list of checks of their own."""
    workflow = (root / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    assert workflow.count("- run: make test\n") == 2
    assert not re.search(r"run: .*(pytest|ruff|mypy)", workflow)
    assert "make --no-print-directory test" in (root / ".ci" / "run").read_text(encoding="utf-8")


def _make(root: Path, *targets: str) -> str:
    command = ["make", "--no-print-directory", *targets]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=20, check=True).stdout
