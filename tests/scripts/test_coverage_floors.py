"""Facts about the floors of coverage."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from scripts import coverage_floors
from scripts.coverage_floors import Share, below, part_of, shares
from tests.trees import ROOT


def report(covered: int, total: int, branches: int = 0) -> dict[str, Any]:
    """Return what coverage's JSON says of one file."""
    counts = {"covered_lines": covered, "num_statements": total, "covered_branches": 0, "num_branches": branches}
    return {"summary": counts}


def test_a_file_belongs_to_the_longest_part_with_a_floor() -> None:
    """A floor of a subfolder takes its files out of the folder around it; files without a floor are put by folder."""
    floors = {"server": 95.0, "server/media": 90.0}
    assert part_of("server/media/encoder.py", floors) == "server/media"
    assert part_of("server/app.py", floors) == "server"
    assert part_of("fifo_live/models/common/hub.py", floors) == "fifo_live/models"
    assert part_of("fifo_live/cli.py", floors) == "fifo_live/cli.py"


def test_lines_and_branches_count_alike() -> None:
    """A part's share is that of the lines and branches of all its files."""
    found = shares({"a/b/c.py": report(3, 4), "a/b/d.py": report(1, 2, branches=4)}, {})
    assert found == {"a/b": Share(4, 10)}
    assert found["a/b"].percent == 40


def test_a_part_below_its_floor_or_unmeasured_is_named() -> None:
    """Parts at their floor pass; parts below it, and parts that nothing was measured of, do not."""
    found = {"exact": Share(95, 100), "low": Share(94, 100)}
    assert below(found, {"exact": 95, "low": 95, "gone": 95}) == ["low", "gone"]


def test_every_package_has_a_floor_or_is_listed() -> None:
    """tests/coverage.toml names files and folders that are there, and each package of the product once."""
    known = tomllib.loads(coverage_floors.FLOORS.read_text(encoding="utf-8"))
    parts = [*known["floors"], *known["listed"]]
    packages = {f"fifo_live/{path.parent.name}" for path in (ROOT / "fifo_live").glob("*/__init__.py")} | {"server"}
    assert [part for part in parts if not (ROOT / part).exists()] == []
    assert packages <= set(parts) and len(parts) == len(set(parts))


def test_a_missed_floor_ends_the_command_with_one(tmp_path: Path) -> None:
    """The script lists what was measured, and says which parts are too low."""
    path = tmp_path / "report.json"
    path.write_text(json.dumps({"files": {"server/app.py": report(1, 2)}}), encoding="utf-8")
    script = str(ROOT / "scripts" / "coverage_floors.py")
    done = subprocess.run([sys.executable, script, str(path)], capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == 1
    assert "server" in done.stdout and "50.0 %" in done.stdout
    assert "below the floor" in done.stderr and "fifo_live/engine" in done.stderr
