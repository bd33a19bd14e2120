"""Facts about the pages that the documentation site is built from."""

from pathlib import Path, PurePosixPath

import pytest

from scripts import docs_site
from scripts.docs_site import ELSEWHERE, LINK, gather, moved, navigation, packages, page_of, refer
from tests.trees import ROOT


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gathered source of the site."""
    folder = tmp_path_factory.mktemp("site")
    gather(folder)
    refer(folder)
    return folder


def test_a_file_has_one_place_on_the_site() -> None:
    """Pages of docs/ move up, the README is the first page, code becomes a page."""
    places = {"README.md": "index.md", "docs/models.md": "models.md", "docs/images/a.jpg": "images/a.jpg"}
    places |= {"obs_plugin/README.md": "obs_plugin/README.md", "fifo-live.toml": "code/fifo-live.toml.md"}
    assert {path: str(page_of(PurePosixPath(path))) for path in places} == places


def test_links_move_with_the_files() -> None:
    """Links between pages, out of docs/ and into it lead to the new places; others stay."""
    text = "[a](../fifo-live.toml) [b](models.md#speed) [c](#here) [d](https://example.org/e.md)"
    moved_text = "[a](code/fifo-live.toml.md) [b](models.md#speed) [c](#here) [d](https://example.org/e.md)"
    assert moved(PurePosixPath("docs/operations.md"), text) == moved_text
    assert moved(PurePosixPath("README.md"), "[a](docs/models.md)") == "[a](models.md)"


def test_every_link_leads_to_a_gathered_file(source: Path) -> None:
    """Whatever a page of ours links to, a picture or a file of code, has come along."""
    pages = [path for path in source.rglob("*.md") if path.relative_to(source).parts[0] not in ("code", "reference")]
    assert len(pages) > 10
    for page in pages:
        for match in LINK.finditer(page.read_text(encoding="utf-8")):
            target = match["target"]
            assert not target or ELSEWHERE.match(target) or (page.parent / target).is_file(), f"{page.name}: {target}"


def test_the_navigation_names_every_page_of_docs_and_no_other(source: Path) -> None:
    """Each page below docs/ is listed once, and each listed page is there."""
    listed = [
        page for entry in navigation() for page in ([entry] if isinstance(entry, str) else sum(entry.values(), []))
    ]
    assert [page for page in listed if not (source / page).is_file()] == []
    written = {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")}
    assert written <= set(listed) and len(listed) == len(set(listed))


def test_the_reference_names_modules_of_the_product() -> None:
    """Each package of the engine, the models and the server has a page; benches and training have none."""
    assert {"fifo_live", "fifo_live.engine", "fifo_live.models", "server"} <= set(packages())
    assert "config" in packages()["fifo_live"]
    assert not any(part in package for package in packages() for part in docs_site.WORKSHOP)
