"""Security headers of every response."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COMMON = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
OWN_FRAMES_ONLY = {"Content-Security-Policy": "frame-ancestors 'self'", "X-Frame-Options": "SAMEORIGIN"}
"""A control page in an invisible frame of a foreign site would take that site's clicks for its own."""
NOT_KEPT = {"Cache-Control": "no-store"}


def headers_for(path: str) -> dict[str, str]:
    """Return the headers of an answer: only what watches may be shown in frames of other sites."""
    may_be_framed = path in ("/watch", "/obs") or path.startswith("/obs/")
    return COMMON | ({} if may_be_framed else OWN_FRAMES_ONLY) | (NOT_KEPT if path.startswith("/api/") else {})


class SecureHeaders:
    """Adds them to whatever an application answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        added = headers_for(scope["path"].removeprefix(scope.get("root_path", "")))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
