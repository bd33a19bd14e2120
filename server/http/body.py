"""Reads request bodies up to a size limit."""

import asyncio

from starlette.requests import ClientDisconnect, Request

from server.http.problem import Problem

BODY_TIMEOUT_S = 20.0


async def read_body(request: Request, limit: int) -> bytes:
    """Return the body.

    Raises: Problem (413) as soon as it is longer than `limit` bytes, Problem (408) if it takes too long to come.
    """
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            return await _read(request, limit)
    except ClientDisconnect as error:
        raise Problem(400, "incomplete", "The content is incomplete.") from error
    except TimeoutError as error:
        message = f"The content did not arrive within {BODY_TIMEOUT_S:g} s."
        raise Problem(408, "too_slow", message, {"Connection": "close"}) from error


async def _read(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise Problem(413, "too_long", f"At most {limit} bytes are accepted.", {"Connection": "close"})
    return bytes(body)
