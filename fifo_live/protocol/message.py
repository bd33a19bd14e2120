"""Base class of all messages, and the id that pairs a request with its answer."""

from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

RequestId = Annotated[str, Field(max_length=64)] | Annotated[int, Field(ge=-(2**63), lt=2**63)] | None
"""Chosen by the client; its answer repeats it."""


class Message(BaseModel):
    """Base of all messages: immutable, and unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @cached_property
    def encoded(self) -> str:
        """The message as JSON, made once however many it is sent to."""
        return self.model_dump_json()
