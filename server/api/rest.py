"""The commands of the control socket as JSON over HTTP, with an OpenAPI description."""

from typing import Any

from fastapi import APIRouter, Request

from fifo_live.errors import EngineUnavailableError, PromptError
from server.api import commands, protocol
from server.api.auth import Gate, Role
from server.api.body import read_body
from server.api.problem import Problem
from server.api.report import state_message, stats_message
from server.studio import Studio

_STATUS = {"busy": 503, "engine_unavailable": 503, "too_long": 413}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    code: {"description": words, "content": {"application/problem+json": {}}}
    for code, words in {401: "No token.", 403: "Not with this token.", 422: "Refused.", 503: "No engine."}.items()
}


def api_router(studio: Studio, gate: Gate) -> APIRouter:
    """Return the routes under /api."""
    router = APIRouter(prefix="/api", responses=_ANSWERS)
    _add_readings(router, studio, gate)
    for name, model in commands.COMMANDS.items():
        _add_command(router, name, model, studio, gate)
    return router


def _add_readings(router: APIRouter, studio: Studio, gate: Gate) -> None:
    async def state(request: Request) -> protocol.State:
        """Return everything there is to know of the stream."""
        gate.require(request, Role.VIEW)
        return state_message(studio, gate.role(request))

    async def stats(request: Request) -> protocol.Stats:
        """Return the figures of the moment."""
        gate.require(request, Role.VIEW)
        return stats_message(studio)

    for path, reading in (("/state", state), ("/stats", stats)):
        router.add_api_route(path, reading, methods=["GET"])
        router.add_api_route(path, reading, methods=["HEAD"], include_in_schema=False)


def _add_command(router: APIRouter, name: str, model: type[protocol.Command], studio: Studio, gate: Gate) -> None:
    async def command(request: Request) -> protocol.Accepted:
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
