"""Facts about wire version 1, as it was first released: version_1.txt, a line for every field and every fixed value.

A field is written as `< state.fps number required`: > is what clients send, < what they receive. Lines may be added to
the file when the protocol grows; none is changed or removed while `state.version` is 1 (docs/release.md).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fifo_live.protocol import wire

FROZEN = Path(__file__).with_name("version_1.txt")
Schema = dict[str, Any]


def lines_of_today() -> list[str]:
    """Return the lines of the protocol as the code has it."""
    found = wire.schema()
    return [*_messages(">", found["client"]), *_messages("<", found["server"])]


def _messages(direction: str, schema: Schema) -> Iterator[str]:
    definitions = schema["$defs"]
    for choice in schema["oneOf"]:
        message = _resolve(choice, definitions)
        name = message["properties"]["type"]["const"]
        yield from (f"{direction} {line}" for line in _fields(name, message, definitions))


def _fields(path: str, schema: Schema, definitions: Schema) -> Iterator[str]:
    for name, field in schema.get("properties", {}).items():
        choices = [_resolve(choice, definitions) for choice in field.get("anyOf", [field])]
        kinds = "|".join(sorted(choice.get("type", "any") for choice in choices))
        required = "required" if name in schema.get("required", []) else "optional"
        yield f"{path}.{name} {kinds} {required}"
        for choice in choices:
            yield from _inside(f"{path}.{name}", choice, definitions)


def _inside(path: str, schema: Schema, definitions: Schema) -> Iterator[str]:
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    yield from (f"{path} = {value}" for value in values)
    yield from _fields(path, schema, definitions)
    if "items" in schema:
        yield from _inside(f"{path}[]", _resolve(schema["items"], definitions), definitions)


def _resolve(schema: Schema, definitions: Schema) -> Schema:
    resolved: Schema = definitions[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return resolved


def test_version_1_stays() -> None:
    """Every field of version 1 is still there, of the same kind, and as optional; every fixed value too."""
    frozen = [line for line in FROZEN.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    today = set(lines_of_today())
    assert len(frozen) > 90
    assert [line for line in frozen if line not in today] == [], "Wire version 1 stays as it is: see docs/release.md."


def test_requests_of_version_1_stay_complete() -> None:
    """No request needs a field that a client of version 1 does not know."""
    frozen = FROZEN.read_text(encoding="utf-8").splitlines()
    needed = [line for line in lines_of_today() if line.startswith(">") and line.endswith(" required")]
    known = {line.rpartition(".")[0] for line in frozen}
    assert [line for line in needed if line.rpartition(".")[0] in known and line not in frozen] == []


def test_the_state_says_version_1() -> None:
    """The message that comes first on every connection names the version."""
    messages = wire.schema()["server"]["$defs"].values()
    (version,) = [
        message["properties"]["version"] for message in messages if "version" in message.get("properties", {})
    ]
    assert version["default"] == 1


@pytest.mark.parametrize("change", ["renamed", "required", "kind"])
def test_a_breaking_change_is_seen(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A field that is renamed, becomes required or changes its kind is no longer the line it was."""
    changed = wire.schema()
    (prompt,) = [d for d in changed["client"]["$defs"].values() if "urgency" in d.get("properties", {})]
    if change == "renamed":
        prompt["properties"]["haste"] = prompt["properties"].pop("urgency")
    elif change == "required":
        prompt["required"] = ["urgency"]
    else:
        prompt["properties"]["urgency"] = {"type": "string"}
    monkeypatch.setattr(wire, "schema", lambda: changed)
    assert "> prompt.urgency number optional" not in lines_of_today()
