"""A long way between a browser and the server: packets arrive late, and some never."""

import asyncio
import random
import re
from typing import Any, Self, cast

from playwright.async_api import Page, Route

HOST_CANDIDATE = re.compile(r"(a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1 )(\d+)( typ host)")


class _Side(asyncio.DatagramProtocol):
    """One socket; what it hears leaves by the other."""

    def __init__(self, way: "LongWay") -> None:
        self._way = way
        self.other: _Side | None = None
        self.peer: Any = None
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, address: Any) -> None:
        self.peer = address
        if self.other is not None and not self._way.loses():
            asyncio.get_running_loop().call_later(self._way.delay_s, self.other.send, data)

    def send(self, data: bytes) -> None:
        if self.transport is not None and self.peer is not None and not self.transport.is_closing():
            self.transport.sendto(data, self.peer)


class LongWay:
    """Stands between a page and the server: the page is told the address of a relay in each answer."""

    def __init__(self, delay_s: float, loss: float) -> None:
        self.delay_s = delay_s
        self.num_joins = 0
        self._loss = loss
        self._random = random.Random(7)
        self._sides: list[_Side] = []

    def loses(self) -> bool:
        """Say whether the next packet gets lost."""
        return self._random.random() < self._loss

    async def lead(self, page: Page) -> None:
        """Let the page's stream take this way from now on."""
        await page.route("**/whep", self._answer)
        # The server would learn a nearer way from the page's own candidates.
        await page.route(
            "**/whep/*", lambda route: route.abort() if route.request.method == "PATCH" else route.continue_()
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for side in self._sides:
            if side.transport is not None:
                side.transport.close()

    async def _answer(self, route: Route) -> None:
        self.num_joins += 1
        response = await route.fetch()
        answer = await response.text()
        found = HOST_CANDIDATE.search(answer)
        assert found is not None
        port = await self._open(int(found[2]))
        # Only candidates that lead here are left.
        lines = [line for line in answer.splitlines() if not line.startswith("a=candidate:")]
        at = next(i for i, line in enumerate(lines) if line.startswith("a=ice-ufrag:"))
        lines.insert(at, HOST_CANDIDATE.sub(rf"\g<1>{port}\g<3>", found[0]))
        await route.fulfill(response=response, body="\r\n".join([*lines, ""]))

    async def _open(self, server_port: int) -> int:
        loop = asyncio.get_running_loop()
        near, far = _Side(self), _Side(self)
        near.other, far.other, far.peer = far, near, ("127.0.0.1", server_port)
        for side in (near, far):
            await loop.create_datagram_endpoint(lambda side=side: side, ("127.0.0.1", 0))  # type: ignore[misc]
        self._sides += [near, far]
        assert near.transport is not None
        port: int = near.transport.get_extra_info("sockname")[1]
        return port
