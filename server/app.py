"""The table of contents: every address of the server, and who answers it."""

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Route, WebSocketRoute

from server.api.auth import Gate
from server.api.control import ControlSocket, upgrade_required
from server.api.docs import docs_page
from server.api.headers import SecureHeaders
from server.api.hub import Hub
from server.api.pages import page_routes
from server.api.problem import Problem, answer_fault, answer_http_exception, answer_problem
from server.api.rest import api_router
from server.api.stats import Health
from server.api.whep import Whep
from server.studio import Studio


def create_app(studio: Studio) -> FastAPI:
    """Return the server's application for a studio; whoever runs it starts and stops the studio."""
    config = studio.config
    gate, hub = Gate(config.server.token), Hub(studio)
    whep = Whep(config, studio.audience, gate)
    control = ControlSocket(studio, hub, gate)
    health = Health(studio, hub, gate)
    routes: list[BaseRoute] = [
        *whep.routes(),
        WebSocketRoute("/ws", control.serve),
        Route("/ws", upgrade_required),
        Route("/healthz", health.healthz),
        Route("/readyz", health.readyz),
        Route("/metrics", health.metrics),
        Route("/docs", docs_page),
        *page_routes(),
    ]
    app = FastAPI(title="fifo-live", docs_url=None, redoc_url=None)
    app.state.hub = hub
    app.add_exception_handler(Problem, answer_problem)
    app.add_exception_handler(HTTPException, answer_http_exception)
    app.add_exception_handler(Exception, answer_fault)
    app.add_middleware(SecureHeaders)
    app.router.routes.extend([*api_router(studio, gate).routes, *routes])
    return app
