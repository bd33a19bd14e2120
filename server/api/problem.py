"""Errors over HTTP, as problem details (RFC 9457)."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, ETag, Link, Accept-Post, Accept-Patch, Retry-After",
}


class Problem(Exception):
    """A request that can not be fulfilled: a status, a code for programs and a sentence for people."""

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
