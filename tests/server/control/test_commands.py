"""Tests of how messages are read."""

import pytest

from server.control import commands


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ('{"type": "dance", "id": "a"}', "a"),
        ('{"id": 7, "weather": [1, 2]}', 7),
        ('{"id": -9223372036854775808}', -(2**63)),
        ('{"id": null}', None),
        ('{"id": true}', None),
        ('{"id": "\\ud800"}', None),
        ("[" * 100_000, None),
        ("7", None),
        ("", None),
    ],
)
def test_an_id_is_found_where_it_can_be_repeated(raw: str, expected: str | int | None) -> None:
    """In whatever else is said, and only one that an answer may hold."""
    assert commands.id_of(raw) == expected


def test_every_command_has_its_name() -> None:
    """The name under which a command is asked for over HTTP is its type."""
    assert {name: model.model_fields["type"].default for name, model in commands.COMMANDS.items()} == {
        name: name for name in commands.COMMANDS
    }


@pytest.mark.parametrize("text", ["?", "7", "\u6d77", "\U0001f30a", "\U0001fae8", "\u200b.\u200b", "\u00a9"])
def test_whatever_can_be_seen_is_a_prompt(text: str) -> None:
    """A sign, a figure, a letter of any script or a picture is enough."""
    assert commands.is_visible(text)
