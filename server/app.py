"""All HTTP and WebSocket routes."""

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Route, WebSocketRoute

from server.control.hub import Hub
from server.http.access import Access
from server.http.control_socket import ControlSocket, upgrade_required
from server.http.docs_page import docs_page
from server.http.headers import SecureHeaders
from server.http.health import Health
from server.http.pages import page_routes
from server.http.problem import Problem, answer_fault, answer_http_exception, answer_problem
from server.http.rest import api_router
from server.http.whep import Whep
from server.stream import StreamService


def create_app(studio: StreamService) -> FastAPI:
    """Return the server's application for a studio; whoever runs it starts and stops the studio."""
    config = studio.config
    gate, hub = Access(config.server.token), Hub(studio)
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
