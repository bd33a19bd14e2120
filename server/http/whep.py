"""WHEP: a viewer's offer, our answer, and the session between (draft-ietf-wish-whep)."""

import hashlib
import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fifo_live.config import Config
from fifo_live.ice_server import IceServer
from server.http.access import Access, Role
from server.http.body import read_body
from server.http.peer_address import address_of
from server.http.problem import CORS, Problem
from server.media.codec import Codec
from server.media.outputs.webrtc.ice import is_of_this_machine
from server.media.outputs.webrtc.offer import Offer
from server.media.outputs.webrtc.peer import IceRestartError, NoSocketError
from server.media.outputs.webrtc.sdp import OfferError
from server.media.outputs.webrtc.sessions import FullHouseError, ViewerSessions
from server.media.outputs.webrtc.video_format import UnsupportedOfferError

SDP = "application/sdp"
SDP_FRAGMENT = "application/trickle-ice-sdpfrag"
MAX_SDP_BYTES = 64 * 1024
RETRY_AFTER_S = 5

_ENTITY_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')

_PREFLIGHT = {
    **CORS,
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match",
    "Access-Control-Max-Age": "86400",
    "Accept-Post": SDP,
    "Accept-Patch": SDP_FRAGMENT,
}


class Whep:
    """The endpoint and its sessions.

    The endpoint wants a token. A session does not: its address cannot be guessed, and whoever knows it may use it.
    """

    def __init__(self, config: Config, audience: ViewerSessions, gate: Access) -> None:
        self._ice_servers = [IceServer.parse(text) for text in config.webrtc.ice_servers]
        self._audience = audience
        self._gate = gate

    def routes(self) -> list[BaseRoute]:
        """Return all addresses of WHEP."""
        both = {"GET": self.look, "OPTIONS": self.preflight}
        endpoint, session = {"POST": self.join, **both}, {"PATCH": self.trickle, "DELETE": self.leave, **both}
        tables = {"/whep": endpoint, "/whep/": endpoint, "/whep/{name}": session}
        return [
            Route(path, answer, methods=[method]) for path, table in tables.items() for method, answer in table.items()
        ]

    async def join(self, request: Request) -> Response:
        """POST an offer: 201 with the answer, or 400, 413, 415, 422, 503."""
        self._gate.require(request, Role.VIEW)
        codecs = _codecs(request)
        text = await _read_sdp(request, SDP)
        try:
            offer = Offer.read(text, codecs)
            name, answer = await self._audience.join(offer, address_of(request), is_local=_is_local(request))
        except (FullHouseError, NoSocketError) as error:
            raise Problem(503, error.code, str(error), {"Retry-After": str(RETRY_AFTER_S)}) from error
        except UnsupportedOfferError as error:
            raise Problem(422, error.code, str(error)) from error
        except OfferError as error:
            raise Problem(400, error.code, str(error)) from error
        headers = {**CORS, "Location": _location(request, name), "ETag": f'"{_tag(name)}"'}
        return self._with_links(Response(answer, 201, headers, SDP), with_secrets=True)

    async def trickle(self, request: Request) -> Response:
        """PATCH candidates into a session: 204; an ICE restart is not supported (422)."""
        name = self._session(request)
        fragment = await _read_sdp(request, SDP_FRAGMENT)
        if "if-match" not in request.headers:
            raise Problem(428, "if_match_required", "If-Match must hold the ETag of the session.")
        _check_condition(request, name)
        try:
            await self._audience.add_candidates(name, fragment)
        except IceRestartError as error:
            raise Problem(422, error.code, str(error)) from error
        return Response(status_code=204, headers=CORS)

    async def leave(self, request: Request) -> Response:
        """DELETE a session: 200, or 412 if it is another one than the client believes."""
        name = self._session(request)
        if "if-match" in request.headers:
            _check_condition(request, name)
        await self._audience.leave(name)
        return Response(status_code=200, headers=CORS)

    async def look(self, request: Request) -> Response:
        """GET or HEAD the endpoint or a session: there is nothing to read, but it is there."""
        if "name" in request.path_params:
            self._session(request)
        else:
            self._gate.require(request, Role.VIEW)
        return Response(status_code=200, headers={**CORS, "Accept-Post": SDP}, media_type=SDP)

    async def preflight(self, request: Request) -> Response:
        """OPTIONS: what may be done here, and from where."""
        # A preflight shows no token, so it is told no secrets.
        return self._with_links(Response(status_code=204, headers=_PREFLIGHT), with_secrets=False)

    def _session(self, request: Request) -> str:
        """Raises: Problem (404)."""
        name: str = request.path_params["name"]
        if name not in self._audience:
            raise Problem(404, "no_such_session", "This session does not exist, or it has ended.")
        return name

    def _with_links(self, response: Response, *, with_secrets: bool) -> Response:
        """Add where a viewer may find STUN and TURN."""
        for server in self._ice_servers:
            response.headers.append("Link", server.link(with_secrets=with_secrets))
        return response


def _tag(name: str) -> str:
    """Return what stands in the ETag of a session; its name is a secret, so that is not told again."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def _location(request: Request, name: str) -> str:
    """Return a session's address as seen from the endpoint, whatever a proxy has put before both."""
    return name if request.url.path.endswith("/") else f"whep/{name}"


def _is_local(request: Request) -> bool:
    return request.client is None or is_of_this_machine(request.client.host)


def _check_condition(request: Request, name: str) -> None:
    """Compare If-Match with a session (RFC 9110, section 13.1.1): `*`, or a list in which a weak tag matches nothing.

    Raises: Problem (412).
    """
    condition = ", ".join(request.headers.getlist("if-match"))
    strong = [tag for weak, tag in _ENTITY_TAG.findall(condition) if not weak]
    if condition.strip() != "*" and _tag(name) not in strong:
        raise Problem(412, "etag_mismatch", "The session has another ETag.")


def _codecs(request: Request) -> list[Codec]:
    wish = request.query_params.get("codec", "").upper()
    if not wish:
        return list(Codec)
    if wish not in set(Codec):
        raise Problem(400, "unknown_codec", f"Unknown codec {wish!r}; choose one of {', '.join(Codec)}.")
    return [Codec(wish), *(codec for codec in Codec if codec != wish)]


async def _read_sdp(request: Request, media_type: str) -> str:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != media_type:
        headers = {"Accept-Post": SDP, "Accept-Patch": SDP_FRAGMENT}
        raise Problem(415, "wrong_type", f"The content must be {media_type}; it is {given or 'unknown'}.", headers)
    body = await read_body(request, MAX_SDP_BYTES)
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Problem(400, "bad_offer", "The content is not UTF-8.") from error
