"""Facts about what we tell people: links lead somewhere, and every command is in the README."""

import re
from pathlib import Path

import pytest

from fifo_live.cli import app
from tests.trees import ROOT

PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "obs_plugin").rglob("*.md")]
    + list((ROOT / "fifo_live").rglob("*.md"))
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
TREE_ENTRY = re.compile(r"^ {4}(?P<indent>(?:  )?)(?P<name>[\w.]+/?) +\w", re.MULTILINE)


def anchor(heading: str) -> str:
    """Return the fragment under which a heading can be linked."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """A link to a file of ours names one that is there, and a fragment names a heading in it."""
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        file = (page.parent / path) if path else page
        assert file.exists(), f"{page.name} links to {target}."
        if fragment:
            assert fragment in map(anchor, HEADING.findall(file.read_text(encoding="utf-8"))), f"{page.name}: {target}"


def test_every_command_is_in_the_readme(root: Path) -> None:
    """The README's table of commands has one row for each command there is."""
    rows = re.findall(r"^\| `fifo-live (\w+)`", (root / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [command.callback.__name__ for command in app.registered_commands if command.callback]


def test_the_tree_in_the_readme_is_there(root: Path) -> None:
    """Every file and folder of the annotated tree exists, and no top folder of code is left out."""
    tree = (root / "README.md").read_text(encoding="utf-8").partition("## How it works")[2]
    folder, named = "", []
    for entry in TREE_ENTRY.finditer(tree):
        folder = folder if entry["indent"] else entry["name"]
        named.append(entry["name"] if not entry["indent"] else folder + entry["name"])
    assert [name for name in named if not (root / name).exists()] == []
    assert {"fifo_live/", "server/", "client_web/", "obs_plugin/", "tests/", "docs/"} <= set(named)


def test_the_walks_name_files_that_are_there(root: Path) -> None:
    """Every file that docs/architecture.md names in its walks exists; a folder may be left out where it is clear."""
    walks = (root / "docs" / "architecture.md").read_text(encoding="utf-8").partition("walk\n")[2]
    names = set(re.findall(r"`([\w/]+\.(?:py|js))`", walks))
    assert len(names) > 30
    assert [name for name in names if not any(root.glob(f"{name}")) and not any(root.glob(f"*/**/{name}"))] == []


def test_every_decision_is_whole_and_listed(root: Path) -> None:
    """Each decision has its number, a date and four parts, and the list names them all in order."""
    folder = root / "docs" / "decisions"
    decisions = sorted(folder.glob("[0-9]*.md"))
    assert len(decisions) >= 10
    listed = re.findall(r"\]\((\d+-[\w-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert listed == [path.name for path in decisions]
    for number, path in enumerate(decisions, 1):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {number}. ") and path.name.startswith(f"{number:04d}-")
        assert re.search(r"^(Accepted|Replaced by .+), \w+ \d{4}\.$", text, re.MULTILINE), path.name
        assert HEADING.findall(text)[1:] == ["Context", "Decision", "Rejected", "Consequences"], path.name
