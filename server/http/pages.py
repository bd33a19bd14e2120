"""Serves the pages and their files, which a browser may keep but revalidates each time."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

ROOT = Path(__file__).resolve().parents[2]
LIB = ROOT / "client_web" / "lib"

_HEADERS = {"Cache-Control": "no-cache"}


class _Files(StaticFiles):
    """Files of a folder, sent with `Cache-Control: no-cache`."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        return response


def page_routes() -> list[BaseRoute]:
    """Return the routes of all pages and of the files that belong to them."""
    web = _Files(directory=ROOT / "client_web", check_dir=False)
    obs = _Files(directory=ROOT / "obs_plugin", check_dir=False)
    return [
        Route("/", _page(web, "control/index.html")),
        Route("/watch", _page(web, "watch/index.html")),
        Route("/favicon.ico", _page(web, "icon.svg")),
        Route("/obs/source", _page(obs, "source.html")),
        Route("/obs/dock", _dock),
        Route("/web/{name}.js", _module),
        Mount("/web", web, name="web"),
        Mount("/obs", obs, name="obs"),
    ]


async def _dock(request: Request) -> Response:
    """The control page fits into a dock as it is."""
    return RedirectResponse(f"../?{request.url.query}" if request.url.query else "../")


async def _module(request: Request) -> Response:
    """Lead from the address that a module of lib/ had before there was a lib/; pages elsewhere may import it."""
    name = request.path_params["name"]
    if not (LIB / f"{name}.js").is_file():
        raise HTTPException(404)
    return RedirectResponse(f"lib/{name}.js", headers=_HEADERS)


def _page(files: _Files, name: str) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        return await files.get_response(name, request.scope)

    return page
