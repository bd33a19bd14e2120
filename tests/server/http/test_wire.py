"""Facts about what a server really says: it follows the schema of wire version 1."""

from typing import Any

import jsonschema

from fifo_live.protocol.wire import schema
from tests.server.conftest import House


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
            jsonschema.validate(request, schema()["client"])
            await client.ask(request)
        await client.have_heard("queue")
        await client.have_heard("stats")
        await client.have_heard("on_air", cue=2)
        heard = {message["type"] for message in client.heard}
        assert heard >= {"state", "accepted", "error", "queue", "stats", "on_air"}
        for message in client.heard:
            jsonschema.validate(message, schema()["server"])
