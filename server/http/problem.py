"""Errors over HTTP, as problem details (RFC 9457)."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, ETag, Link, Accept-Post, Accept-Patch, Retry-After",
}


class Problem(Exception):
    """A request that cannot be fulfilled: a status, a code for programs and a sentence for people."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})


async def answer_problem(request: Request, problem: Exception) -> Response:
    """Return the response for a Problem."""
    assert isinstance(problem, Problem)
    content = {"title": problem.code.replace("_", " "), "status": problem.status, "code": problem.code}
    return JSONResponse(
        {**content, "detail": problem.detail},
        problem.status,
        headers={**CORS, **problem.headers},
        media_type="application/problem+json",
    )


async def answer_http_exception(request: Request, error: Exception) -> Response:
    """Return the response for what the framework refuses: a path or a method that is not there."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        problem = Problem(404, "not_found", "There is nothing at this address.")
    elif error.status_code == 405:
        allowed = ", ".join(_allowed_methods(request))
        problem = Problem(405, "wrong_method", f"This address accepts {allowed}.", {"Allow": allowed})
    else:
        problem = Problem(error.status_code, "refused", f"{error.detail}.", error.headers)
    return await answer_problem(request, problem)


async def answer_fault(request: Request, error: Exception) -> Response:
    """Return the response for an error of ours, which whoever runs the server finds in the log."""
    return await answer_problem(request, Problem(500, "internal", "Internal server error; see the server's log."))


def _allowed_methods(request: Request) -> list[str]:
    """Return the methods of all routes that have this path; what has no list of its own serves files."""
    scope = {**request.scope, "root_path": request.scope.get("app_root_path", request.scope.get("root_path", ""))}
    routes = [route for route in request.app.router.routes if route.matches(scope)[0] is not Match.NONE]
    return sorted({method for route in routes for method in getattr(route, "methods", None) or ("GET", "HEAD")})
