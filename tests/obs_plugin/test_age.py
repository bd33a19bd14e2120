"""Facts about what OBS's browser can run: Chromium 103 is the oldest that is still met."""

import re

import pytest

from tests.trees import ROOT

SHARED = (
    *("address", "backoff", "dom", "engine_words", "ice_links", "patience"),
    *("peer", "query", "screen", "standby", "whep", "whep_endpoint"),
)
FILES = [*(ROOT / "client_web" / f"{name}.js" for name in SHARED), *sorted((ROOT / "obs_plugin").glob("*.js"))]
FILES += [ROOT / "obs_plugin" / "loader.html", ROOT / "obs_plugin" / "source.html"]
YOUNGER = re.compile(
    r"\.toSorted\(|\.toReversed\(|\.with\(|withResolvers|groupBy\(|fromAsync|AbortSignal\.any|URL\.(canParse|parse)\("
    r"|\.isSubsetOf\(|\.union\(|:has\(|color-mix\(|@container|&:|popover|using "
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
async def test_nothing_younger_is_used(file) -> None:  # type: ignore[no-untyped-def]
    """No syntax and no function that Chromium 103 does not have."""
    assert YOUNGER.findall(file.read_text(encoding="utf-8")) == []


async def test_the_source_imports_nothing_else() -> None:
    """The list above is complete: the page loads these files and no others."""
    imports = {
        name
        for file in FILES
        for name in re.findall(r'^import .* from ".*?([\w_]+)\.js";', file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert imports <= {file.stem for file in FILES}
