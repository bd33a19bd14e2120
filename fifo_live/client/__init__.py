"""Clients of a running server: control over `/ws`.

    async with ControlClient("http://127.0.0.1:8765") as client:
        accepted = await client.prompt("a calm ocean at dusk", transition=8)
        await client.on_air(accepted)

`BlockingClient` offers the same without asyncio.
"""

from fifo_live.client.blocking import BlockingClient
from fifo_live.client.control import ControlClient, RequestError

__all__ = ["BlockingClient", "ControlClient", "RequestError"]
