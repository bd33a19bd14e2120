"""The commands of the control socket as JSON over HTTP, with an OpenAPI description."""

from typing import Any

from fastapi import APIRouter, Request

from fifo_live.errors import EngineUnavailableError, PromptError
from fifo_live.protocol.answers import Accepted
from fifo_live.protocol.requests import Command
from fifo_live.protocol.state import State
from fifo_live.protocol.stats import Stats
from server.control import commands
from server.control.snapshot import state_message, stats_message
from server.http.access import Access, Role
from server.http.body import read_body
from server.http.problem import Problem
from server.stream import StreamService

_STATUS = {"busy": 503, "engine_unavailable": 503, "too_long": 413}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    code: {"description": words, "content": {"application/problem+json": {}}}
    for code, words in {
        401: "No token.",
        403: "Not allowed with this token.",
        422: "Refused.",
        503: "No engine.",
    }.items()
}


def api_router(studio: StreamService, gate: Access) -> APIRouter:
    """Return the routes under /api."""
    router = APIRouter(prefix="/api", responses=_ANSWERS)
    _add_readings(router, studio, gate)
    for name, model in commands.COMMANDS.items():
        _add_command(router, name, model, studio, gate)
    return router


def _add_readings(router: APIRouter, studio: StreamService, gate: Access) -> None:
    async def state(request: Request) -> State:
        """Return everything there is to know of the stream."""
        gate.require(request, Role.VIEW)
        return state_message(studio, gate.role(request))

    async def stats(request: Request) -> Stats:
        """Return the figures of the moment."""
        gate.require(request, Role.VIEW)
        return stats_message(studio)

    for path, reading in (("/state", state), ("/stats", stats)):
        router.add_api_route(path, reading, methods=["GET"])
        router.add_api_route(path, reading, methods=["HEAD"], include_in_schema=False)


def _add_command(router: APIRouter, name: str, model: type[Command], studio: StreamService, gate: Access) -> None:
    async def command(request: Request) -> Accepted:
        gate.require(request, Role.STEER)
        body = await read_body(request, commands.MAX_MESSAGE_BYTES)
        try:
            return await commands.perform(studio, commands.parse_command(body, name))
        except (PromptError, EngineUnavailableError) as error:
            raise Problem(_STATUS.get(error.code, 422), error.code, str(error)) from error

    description = model.model_json_schema()
    description["properties"].pop("type")
    content = {"required": name == "prompt", "content": {"application/json": {"schema": description}}}
    router.add_api_route(
        f"/{name}",
        command,
        methods=["POST"],
        name=name,
        description=model.__doc__,
        openapi_extra={"requestBody": content},
    )
