"""Facts about the Makefile."""

import re
import subprocess
from pathlib import Path


def test_help_lists_every_target(root: Path) -> None:
    """`make help` has a line for each target, and `make` alone is the same."""
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):", makefile, re.MULTILINE)
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony and phony[1].split() == targets
    listed = _make(root, "help")
    assert re.findall(r"^    make (\w+) +\w", listed, re.MULTILINE) == targets
    assert _make(root) == listed


def _make(root: Path, *targets: str) -> str:
    command = ["make", "--no-print-directory", *targets]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=20, check=True).stdout
