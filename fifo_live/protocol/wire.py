"""Both directions of the control socket, version 1; the schema in docs/protocol.md is made from them."""

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from fifo_live.protocol.answers import Accepted, Error, Log, OnAir
from fifo_live.protocol.requests import CLIENT_MESSAGE
from fifo_live.protocol.slots import Queue
from fifo_live.protocol.state import State
from fifo_live.protocol.stats import Stats

ServerMessage = Accepted | Error | OnAir | State | Queue | Stats | Log

SERVER_MESSAGE: TypeAdapter[ServerMessage] = TypeAdapter(Annotated[ServerMessage, Field(discriminator="type")])


def schema() -> dict[str, Any]:
    """Return the JSON Schema of both directions."""
    return {"client": CLIENT_MESSAGE.json_schema(), "server": SERVER_MESSAGE.json_schema(mode="serialization")}
