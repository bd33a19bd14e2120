"""Writes what is made from the control messages: `python scripts/protocol.py`.

That is the schema in docs/protocol.md, and the types of the pages, client_web/lib/protocol.d.ts.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fifo_live.protocol.wire import schema

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "protocol.md"
TYPES = ROOT / "client_web" / "lib" / "protocol.d.ts"
FENCE = re.compile(r"```json schema\n.*?```", re.DOTALL)

HEADER = (
    "/** Types of the control messages (docs/protocol.md), written by `python scripts/protocol.py`; do not edit. */"
)
SIMPLE = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def main() -> None:
    """Replace the schema in the page by that of the code, and the types."""
    text = "```json schema\n" + json.dumps(schema(), indent=1) + "\n```"
    PAGE.write_text(FENCE.sub(lambda _: text, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    TYPES.write_text(declarations(schema()), encoding="utf-8")


def declarations(schema: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the text of a `.d.ts` file: a type for each message, and one for all messages of each direction."""
    messages = {name: message for side in schema.values() for name, message in side["$defs"].items()}
    blocks = [_declaration(name, message) for name, message in messages.items()]
    unions = (f"export type {side.title()}Message = {_type(whole)};" for side, whole in schema.items())
    return "\n\n".join([HEADER, *blocks, *unions]) + "\n"


def _declaration(name: str, schema: Mapping[str, Any]) -> str:
    words = schema.get("description", "").partition("\n\n")[0].replace("\n", " ")
    comment = f"/** {words} */\n" if words else ""
    if "properties" not in schema:
        return f"{comment}export type {name} = {_type(schema)};"
    return f"{comment}export interface {name} {{\n{''.join(_fields(schema))}}}"


def _fields(schema: Mapping[str, Any]) -> Iterator[str]:
    required = {*schema.get("required", ()), "type"}
    for name, field in schema["properties"].items():
        yield f"  {name}{'' if name in required else '?'}: {_type(field)};\n"


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return f'"{schema["const"]}"'
    if "enum" in schema:
        return " | ".join(f'"{value}"' for value in schema["enum"])
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return " | ".join(dict.fromkeys(map(_type, choices)))
    if schema["type"] == "array":
        item = _type(schema["items"])
        return f"({item})[]" if " | " in item else f"{item}[]"
    return SIMPLE[schema["type"]]


if __name__ == "__main__":
    main()
