"""Facts about the types that pages get from the messages."""

from fifo_live.protocol.wire import schema
from scripts.protocol import TYPES, declarations


def test_the_types_of_the_pages_are_those_of_the_code() -> None:
    """client_web/lib/protocol.d.ts is what scripts/protocol.py writes."""
    assert TYPES.read_text(encoding="utf-8") == declarations(schema())


def test_a_message_becomes_an_interface() -> None:
    """Constants, choices, lists and fields that may be missing are told apart, and each direction has one union."""
    fields = {
        "type": {"const": "hello", "type": "string"},
        "names": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
        "mood": {"enum": ["good", "bad"], "type": "string"},
        "other": {"anyOf": [{"$ref": "#/$defs/Other"}, {"type": "null"}]},
    }
    hello = {"description": "Says\nhello.\n\nMore.", "properties": fields, "required": ["names", "mood"]}
    text = declarations({"client": {"$defs": {"Hello": hello}, "oneOf": [{"$ref": "#/$defs/Hello"}]}})
    assert text.split("\n\n")[1:] == [
        "/** Says hello. */\nexport interface Hello {\n"
        '  type: "hello";\n  names: (string | number)[];\n  mood: "good" | "bad";\n  other?: Other | null;\n}',
        "export type ClientMessage = Hello;\n",
    ]
