"""Gathers the pages of the documentation site: `python scripts/docs_site.py site`, then mkdocs builds them.

Pages below docs/ keep their places. A file elsewhere that a page links to comes along: Markdown as it is, other text as
a page with its content. Needs the standard library only.
"""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from os.path import relpath
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"\]\((?P<target>[^)\s#]*)(?P<fragment>#[^)\s]*)?\)")
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z]+:")
AS_IT_IS = {".md", ".csv", ".jpg", ".png", ".svg"}
LANGUAGES = {".py": "python", ".toml": "toml", ".js": "javascript"}
GUIDES = ("operations", "protocol", "models", "bundled-model")
PROJECT = ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
WORKSHOP = {"bench", "commands", "bundled", "training"}
"""Packages without a page in the reference: nobody outside imports them."""

Nav = list[str | dict[str, list[str]]]


def page_of(path: PurePosixPath) -> PurePosixPath:
    """Return where a file of the repository lies on the site, as source."""
    if path.parts[0] == "docs":
        return path.relative_to("docs")
    if str(path) == "README.md":
        return PurePosixPath("index.md")
    return path if path.suffix in AS_IT_IS else PurePosixPath("code", f"{path}.md")


def linked(path: PurePosixPath, text: str) -> Iterator[PurePosixPath]:
    """Yield the files of the repository that a page links to."""
    for match in LINK.finditer(FENCED.sub("", text)):
        if match["target"] and not ELSEWHERE.match(match["target"]):
            yield _resolved(path, match["target"])


def moved(path: PurePosixPath, text: str) -> str:
    """Return a page's text with its links leading to where the files lie on the site."""

    def move(match: re.Match[str]) -> str:
        if not match["target"] or ELSEWHERE.match(match["target"]):
            return match[0]
        target = page_of(_resolved(path, match["target"]))
        return f"]({relpath(target, page_of(path).parent)}{match['fragment'] or ''})"

    return LINK.sub(move, text)


def _resolved(path: PurePosixPath, target: str) -> PurePosixPath:
    file = (ROOT / path.parent / target).resolve()
    return PurePosixPath(file.relative_to(ROOT).as_posix())


def gather(source: Path) -> None:
    """Write all pages, and what they link to, below a folder."""
    waiting = [*_pages("docs"), *map(PurePosixPath, ("README.md", *PROJECT))]
    seen: set[PurePosixPath] = set()
    while waiting:
        path = waiting.pop()
        if not (ROOT / path).is_file():
            sys.exit(f"docs: a page links to {path}, which is no file.")
        if path not in seen:
            seen.add(path)
            waiting += _put(path, source / page_of(path))


def _put(path: PurePosixPath, target: Path) -> list[PurePosixPath]:
    """Write one file and return those it links to."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".md":
        text = (ROOT / path).read_text(encoding="utf-8")
        target.write_text(moved(path, text), encoding="utf-8")
        return list(linked(path, text))
    if target.suffix == ".md":
        text = (ROOT / path).read_text(encoding="utf-8")
        target.write_text(f"# {path}\n\n````{LANGUAGES.get(path.suffix, 'text')}\n{text}````\n", encoding="utf-8")
    else:
        shutil.copyfile(ROOT / path, target)
    return []


def packages() -> dict[str, list[str]]:
    """Return the packages of the reference, each with its modules."""
    found: dict[str, list[str]] = {}
    for top in ("fifo_live", "server"):
        for path in sorted((ROOT / top).rglob("*.py")):
            folder = path.relative_to(ROOT).parent
            if path.stem not in ("__init__", "__main__") and WORKSHOP.isdisjoint(folder.parts):
                found.setdefault(".".join(folder.parts), []).append(path.stem)
    return found


def refer(source: Path) -> None:
    """Write one page for each package, with a section for each of its modules."""
    folder = source / "reference"
    folder.mkdir(parents=True)
    for package, modules in packages().items():
        sections = "\n".join(f"::: {package}.{module}\n" for module in modules)
        (folder / f"{package}.md").write_text(f"# {package}\n\n{sections}", encoding="utf-8")


def navigation() -> Nav:
    """Return the order of the pages; a page of docs/ that is named nowhere joins the design."""
    guides = [f"{name}.md" for name in GUIDES]
    design = [str(page_of(path)) for path in _pages("docs") if path.parent.name == "docs"]
    return [
        "index.md",
        {"Guides": guides},
        {"Design": [page for page in design if page not in guides]},
        {"Decisions": [str(page_of(path)) for path in _pages("docs/decisions")]},
        {"CueHistory": [str(page_of(path)) for path in _pages("docs/journal")]},
        {"Reference": [f"reference/{package}.md" for package in packages()]},
        {"Project": list(PROJECT)},
    ]


def _pages(folder: str) -> list[PurePosixPath]:
    return [PurePosixPath(path.relative_to(ROOT).as_posix()) for path in sorted((ROOT / folder).rglob("*.md"))]


def main() -> None:
    """Write the source of the site, and its configuration, into a folder that is emptied first."""
    site = Path(sys.argv[1])
    shutil.rmtree(site, ignore_errors=True)
    gather(site / "source")
    refer(site / "source")
    base = relpath(ROOT / "mkdocs.yml", site)
    # JSON is YAML.
    (site / "mkdocs.yml").write_text(json.dumps({"INHERIT": base, "nav": navigation()}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
