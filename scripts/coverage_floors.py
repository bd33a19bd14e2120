"""Compares what the tests cover with tests/coverage.toml: `python scripts/coverage_floors.py .coverage/report.json`.

Lines and branches count alike. A part is a folder below the product's top folders, or a single file.
"""

import json
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

ROOT = Path(__file__).parent.parent
FLOORS = ROOT / "tests" / "coverage.toml"


@dataclass(frozen=True)
class Share:
    """How many lines and branches of a part the tests reach."""

    covered: int = 0
    total: int = 0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.covered + other.covered, self.total + other.total)

    @property
    def percent(self) -> float:
        """The covered share; an empty part is covered."""
        return 100 * self.covered / self.total if self.total else 100.0


def part_of(file: str, floors: Mapping[str, float]) -> str:
    """Return the part that a file belongs to: the longest one with a floor, else its folder at depth two."""
    path = PurePosixPath(file)
    parents = [str(parent) for parent in (path, *path.parents)]
    return next((parent for parent in parents if parent in floors), str(PurePosixPath(*path.parts[:2])))


def shares(files: Mapping[str, Any], floors: Mapping[str, float]) -> dict[str, Share]:
    """Return the share of each part, from the `files` of coverage's JSON report."""
    result: dict[str, Share] = {}
    for file, report in sorted(files.items()):
        summary = report["summary"]
        covered = summary["covered_lines"] + summary["covered_branches"]
        total = summary["num_statements"] + summary["num_branches"]
        part = part_of(file, floors)
        result[part] = result.get(part, Share()) + Share(covered, total)
    return result


def below(found: Mapping[str, Share], floors: Mapping[str, float]) -> list[str]:
    """Return the parts that miss their floor, or were not measured at all."""
    return [part for part, floor in floors.items() if part not in found or found[part].percent < floor]


def main() -> None:
    """Print every part with its share and floor; exit with 1 if a part misses its floor."""
    floors = tomllib.loads(FLOORS.read_text(encoding="utf-8"))["floors"]
    found = shares(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["files"], floors)
    for part, share in found.items():
        floor = f"at least {floors[part]:.0f}" if part in floors else ""
        print(f"{part:<28} {share.percent:6.1f} % of {share.total:>5}  {floor}".rstrip())
    missed = below(found, floors)
    if missed:
        sys.exit(f"coverage: below the floor in {FLOORS.relative_to(ROOT)}: {', '.join(missed)}.")


if __name__ == "__main__":
    main()
