"""Tests of the messages and of the page that documents them."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from server.api import protocol
from tests.server.conftest import House

FENCE = re.compile(r"```json( schema)?\n(.*?)```", re.DOTALL)


@pytest.fixture
def document(root: Path) -> str:
    """The text of docs/protocol.md."""
    return (root / "docs" / "protocol.md").read_text(encoding="utf-8")


def test_the_schema_in_the_document_is_that_of_the_code(document: str) -> None:
    """docs/protocol.md holds the schema of both directions as the code makes it; scripts/protocol.py writes it."""
    (written,) = [json.loads(text) for is_schema, text in FENCE.findall(document) if is_schema]
    assert written == protocol.schema()


def test_the_examples_are_right(document: str) -> None:
    """Every example of a message in the document is one."""
    schema = protocol.schema()
    examples = [json.loads(line) for kind, text in FENCE.findall(document) if not kind for line in text.splitlines()]
    assert {example["type"] for example in examples} >= {"prompt", "set", "pause", "resume", "cut", "subscribe"}
    assert {example["type"] for example in examples} >= {"accepted", "error", "on_air", "queue", "stats"}
    for example in examples:
        is_ours = example["type"] in ("prompt", "set", "pause", "resume", "cut", "subscribe", "unsubscribe")
        jsonschema.validate(example, schema["client" if is_ours else "server"])


def test_every_code_is_documented(document: str, root: Path) -> None:
    """Each code that the server can answer with stands in the table."""
    sources = [path.read_text(encoding="utf-8") for path in (root / "server" / "api").glob("*.py")]
    made = {code for text in sources for code in re.findall(r'(?:PromptError|Problem)\((?:\d+, )?"(\w+)"', text)}
    missing = {code for code in made if f"| `{code}` |" not in document}
    assert made and missing == set()


async def test_what_is_really_said_follows_the_schema(house: House) -> None:
    """All messages of a session with every command, good and bad, follow the schema."""
    requests: list[dict[str, Any]] = [
        {"type": "subscribe", "id": 0, "channels": ["queue", "stats", "log"]},
        {"type": "prompt", "id": 1, "text": "fire"},
        {"type": "prompt", "id": 2, "prompts": [{"text": "sea"}, {"text": "city", "weight": 0.5}], "transition": 3},
        {"type": "prompt", "id": 3, "text": ""},
        {"type": "set", "id": 4, "guidance": 3.0},
        {"type": "pause", "id": 5},
        {"type": "resume", "id": 6},
        {"type": "cut", "id": 7},
    ]
    async with house.control() as client:
        await house.until_running()
        for request in requests:
            jsonschema.validate(request, protocol.schema()["client"])
            await client.ask(request)
        await client.have_heard("queue")
        await client.have_heard("stats")
        await client.have_heard("on_air", cue=2)
        heard = {message["type"] for message in client.heard}
        assert heard >= {"state", "accepted", "error", "queue", "stats", "on_air"}
        for message in client.heard:
            jsonschema.validate(message, protocol.schema()["server"])
