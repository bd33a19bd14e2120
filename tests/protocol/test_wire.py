"""Tests of the messages and of the page that documents them."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from fifo_live.protocol.codes import ErrorCode
from fifo_live.protocol.wire import schema

FENCE = re.compile(r"```json( schema)?\n(.*?)```", re.DOTALL)


@pytest.fixture
def document(root: Path) -> str:
    """The text of docs/protocol.md."""
    return (root / "docs" / "protocol.md").read_text(encoding="utf-8")


def test_the_schema_in_the_document_is_that_of_the_code(document: str) -> None:
    """docs/protocol.md holds the schema of both directions as the code makes it; scripts/protocol.py writes it."""
    (written,) = [json.loads(text) for is_schema, text in FENCE.findall(document) if is_schema]
    assert written == schema()


def test_the_examples_are_right(document: str) -> None:
    """Every example of a message in the document is one."""
    found = schema()
    examples = [json.loads(line) for kind, text in FENCE.findall(document) if not kind for line in text.splitlines()]
    assert {example["type"] for example in examples} >= {"prompt", "set", "pause", "resume", "cut", "subscribe"}
    assert {example["type"] for example in examples} >= {"accepted", "error", "on_air", "queue", "stats"}
    for example in examples:
        is_ours = example["type"] in ("prompt", "set", "pause", "resume", "cut", "subscribe", "unsubscribe")
        jsonschema.validate(example, found["client" if is_ours else "server"])


def test_every_code_is_documented(document: str) -> None:
    """The table of codes names each code once, and no other."""
    table = document.partition("### Codes")[2].partition("\n## ")[0]
    assert sorted(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == sorted(ErrorCode)


def test_the_server_uses_only_these_codes(root: Path) -> None:
    """Each code that is written in the server's sources is one of the list."""
    sources = [path.read_text(encoding="utf-8") for path in (root / "server").rglob("*.py")]
    made = {code for text in sources for code in re.findall(r'(?:PromptError|Problem)\((?:\d+, )?"(\w+)"', text)}
    assert made and made <= set(ErrorCode)
