"""What a client sends in the body of a request, up to a limit."""

from starlette.requests import ClientDisconnect, Request

from server.api.problem import Problem


async def read_body(request: Request, limit: int) -> bytes:
    """Return the body.

    Raises: Problem (413) as soon as it is longer than `limit` bytes.
    """
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise Problem(413, "too_long", f"At most {limit} bytes are taken.")
    except ClientDisconnect as error:
        raise Problem(400, "incomplete", "The content did not come to its end.") from error
    return bytes(body)
