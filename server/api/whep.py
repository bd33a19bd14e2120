"""WHEP: a viewer's offer, our answer, and the session between (draft-ietf-wish-whep)."""

import secrets

from starlette.requests import Request
from starlette.responses import Response

from fifo_live.config import Config
from server.api.auth import Gate, Role
from server.api.body import read_body
from server.api.problem import CORS, Problem
from server.audience import Audience, FullHouseError
from server.media.codec import Codec
from server.media.ice import IceServer
from server.media.rtc import OfferError, UnsupportedOfferError

SDP = "application/sdp"
SDP_FRAGMENT = "application/trickle-ice-sdpfrag"
MAX_SDP_BYTES = 64 * 1024
RETRY_AFTER_S = 5

_PREFLIGHT = {
    **CORS,
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match",
    "Access-Control-Max-Age": "86400",
    "Accept-Post": SDP,
    "Accept-Patch": SDP_FRAGMENT,
}


class Whep:
    """The endpoint and its sessions."""

    def __init__(self, config: Config, audience: Audience, gate: Gate) -> None:
        self._ice_servers = [IceServer.parse(text) for text in config.webrtc.ice_servers]
        self._audience = audience
        self._gate = gate
        self._etags: dict[str, str] = {}

    async def join(self, request: Request) -> Response:
        """POST an offer: 201 with the answer, or 400, 413, 415, 422, 503."""
        self._gate.require(request, Role.VIEW)
        codecs = _codecs(request)
        offer = await _read_sdp(request, SDP)
        try:
            name, answer = await self._audience.join(offer, codecs)
        except FullHouseError as error:
            raise Problem(503, error.code, str(error), {"Retry-After": str(RETRY_AFTER_S)}) from error
        except UnsupportedOfferError as error:
            raise Problem(422, error.code, str(error)) from error
        except OfferError as error:
            raise Problem(400, error.code, str(error)) from error
        self._etags = {known: tag for known, tag in self._etags.items() if known in self._audience}
        self._etags[name] = f'"{secrets.token_hex(8)}"'
        headers = {**CORS, "Location": request.url_for("whep_session", name=name).path, "ETag": self._etags[name]}
        return self._with_links(Response(answer, 201, headers, SDP), with_secrets=True)

    async def trickle(self, request: Request) -> Response:
        """PATCH candidates into a session: 204; an ICE restart is not supported (422)."""
        name = self._session(request)
        condition = request.headers.get("if-match")
        fragment = await _read_sdp(request, SDP_FRAGMENT)
        if condition is None:
            raise Problem(428, "if_match_required", "The ETag of the session is needed in If-Match.")
        if condition == "*":
            raise Problem(422, "no_ice_restart", "An ICE restart is not supported; the session stays as it is.")
        if condition != self._etags.get(name):
            raise Problem(412, "etag_mismatch", "The session has another ETag.")
        await self._audience.add_candidates(name, fragment)
        return Response(status_code=204, headers=CORS)

    async def leave(self, request: Request) -> Response:
        """DELETE a session: 200."""
        name = self._session(request)
        await self._audience.leave(name)
        self._etags.pop(name, None)
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
        """Raises: Problem (401, 403, 404)."""
        self._gate.require(request, Role.VIEW)
        name: str = request.path_params["name"]
        if name not in self._audience:
            raise Problem(404, "no_such_session", "There is no such session (any more).")
        return name

    def _with_links(self, response: Response, *, with_secrets: bool) -> Response:
        """Add where a viewer may find STUN and TURN."""
        for server in self._ice_servers:
            response.headers.append("Link", server.link(with_secrets=with_secrets))
        return response


def _codecs(request: Request) -> list[Codec]:
    wish = request.query_params.get("codec", "").upper()
    if not wish:
        return list(Codec)
    if wish not in set(Codec):
        raise Problem(400, "unknown_codec", f"There is no codec {wish!r}; there are {', '.join(Codec)}.")
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
