"""Messages of rank 0 to the other ranks before a tick, as bytes: JSON and tensors, nothing that could run code."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from safetensors.torch import load, save
from torch import Tensor

from fifo_live.link.messages import COMMAND, Command

_LENGTH_BYTES = 8

Order = tuple[Command, Mapping[str, Tensor]]
"""A command with the conditionings of its texts."""


@dataclass(frozen=True)
class Turn:
    """The orders that come before a tick, and whether there may be one."""

    orders: list[Order] = field(default_factory=list)
    may_step: bool = True

    def to_bytes(self) -> bytes | None:
        """Return what `from_bytes` reads; None for the usual turn, which has no orders and may step."""
        if self.may_step and not self.orders:
            return None
        orders = [{"command": command.model_dump_json(), "texts": list(encoded)} for command, encoded in self.orders]
        head = json.dumps({"may_step": self.may_step, "orders": orders}).encode()
        tensors = {
            f"{number}.{place}": tensor.cpu().clone()
            for number, (_, encoded) in enumerate(self.orders)
            for place, tensor in enumerate(encoded.values())
        }
        return len(head).to_bytes(_LENGTH_BYTES, "big") + head + save(tensors)

    @classmethod
    def from_bytes(cls, data: bytes | None) -> "Turn":
        """Return the turn that the bytes stand for."""
        if data is None:
            return cls()
        end = _LENGTH_BYTES + int.from_bytes(data[:_LENGTH_BYTES], "big")
        head, tensors = json.loads(data[_LENGTH_BYTES:end]), load(data[end:])
        orders: list[Order] = [
            (
                COMMAND.validate_json(order["command"]),
                {text: tensors[f"{number}.{place}"] for place, text in enumerate(order["texts"])},
            )
            for number, order in enumerate(head["orders"])
        ]
        return cls(orders, head["may_step"])
