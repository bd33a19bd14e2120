"""The faces: pages and their scripts, as files that a browser asks for anew each time."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

ROOT = Path(__file__).resolve().parents[2]

_HEADERS = {"Cache-Control": "no-cache"}


class _Files(StaticFiles):
    """Files of a folder; a browser may keep them, but asks each time whether they have changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        return response


def page_routes() -> list[BaseRoute]:
    """Return the routes of all pages and of the files that belong to them."""
    web = _Files(directory=ROOT / "client_web", check_dir=False)
    obs = _Files(directory=ROOT / "obs_plugin", check_dir=False)
    return [
        Route("/", _page(web, "index.html")),
        Route("/watch", _page(web, "watch.html")),
        Route("/favicon.ico", _page(web, "icon.svg")),
        Route("/obs/source", _page(obs, "source.html")),
        Route("/obs/dock", _dock),
        Mount("/web", web, name="web"),
        Mount("/obs", obs, name="obs"),
    ]


async def _dock(request: Request) -> Response:
    """The control page fits into a dock as it is."""
    return RedirectResponse(f"../?{request.url.query}" if request.url.query else "../")


def _page(files: _Files, name: str) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        return await files.get_response(name, request.scope)

    return page
