"""Facts about what OBS's browser can run: Chromium 103 is the oldest that is still met."""

import re

import pytest

from tests.trees import ROOT

FILES = sorted([*(ROOT / "client_web" / "lib").iterdir(), *(ROOT / "obs_plugin").glob("*.[jh]*")])
YOUNGER = re.compile(
    r"\.toSorted\(|\.toReversed\(|\.with\(|withResolvers|groupBy\(|fromAsync|AbortSignal\.any|URL\.(canParse|parse)\("
    r"|\.isSubsetOf\(|\.union\(|:has\(|color-mix\(|@container|&:|popover|using "
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
async def test_nothing_younger_is_used(file) -> None:  # type: ignore[no-untyped-def]
    """No syntax and no function that Chromium 103 does not have."""
    assert YOUNGER.findall(file.read_text(encoding="utf-8")) == []


async def test_the_source_imports_nothing_else() -> None:
    """Scripts of OBS and of lib/ import one another, and nothing of the other pages."""
    scripts = [file for file in FILES if file.suffix == ".js"]
    names = {
        name for file in scripts for name in re.findall(r'^import .* from "(.+)";$', file.read_text(), re.MULTILINE)
    }
    assert "../web/lib/whep.js" in names
    assert [name for name in names if not re.fullmatch(r"(\./|\.\./web/lib/)\w+\.js", name)] == []
