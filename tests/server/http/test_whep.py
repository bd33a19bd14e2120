"""Tests of WHEP: what is answered to offers, good and bad, and how a session is handled."""

import pytest

from tests.server.conftest import House, OpenHouse
from tests.server.offers import SDP, make_offer
from tests.whep_viewer import WhepViewer

FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag"}
CANDIDATE = "a=mid:0\r\na=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host\r\na=candidate:nonsense\r\n"


async def test_an_offer_is_answered(house: House) -> None:
    """A session has a random address, an ETag, and an answer that only sends, with all candidates in it."""
    async with house.viewer() as viewer:
        response = viewer.answer
        assert response.headers["content-type"] == "application/sdp"
        assert response.headers["location"].startswith("whep/") and len(response.headers["location"]) > 20
        assert response.headers["etag"].startswith('"')
        assert response.headers["access-control-allow-origin"] == "*"
        assert {"Location", "ETag"} <= set(response.headers["access-control-expose-headers"].split(", "))
        assert "a=sendonly" in response.text and "a=end-of-candidates" in response.text
        assert "playout-delay" in response.text and "profile-level-id=42e01f" in response.text
        for method in ("GET", "HEAD"):
            assert (await house.http.request(method, viewer.session)).status_code == 200


@pytest.mark.parametrize(("codec", "first"), [("", "H264"), ("h264", "H264"), ("vp8", "VP8")])
async def test_the_codec_wish_is_heard(house: House, codec: str, first: str) -> None:
    """H264 comes first, unless the other is asked for."""
    async with house.viewer(codec) as viewer:
        lines = [line for line in viewer.answer.text.splitlines() if line.startswith("a=rtpmap")]
        assert f" {first}/" in lines[0]


async def test_bad_offers_are_refused(house: House) -> None:
    """What is no offer, or none that we can fulfil, is answered with a problem, and leaves no session behind."""
    sendonly = await make_offer(direction="sendonly")
    audio, unknown = await make_offer("audio"), await make_offer(codec="AV9")
    cases = [
        ({"content": b"", "headers": SDP}, 400, "bad_offer"),
        ({"content": b"hello", "headers": SDP}, 400, "bad_offer"),
        ({"content": b"v=0\r\nm=garbage\r\n", "headers": SDP}, 400, "bad_offer"),
        ({"content": b"\xff\xfe", "headers": SDP}, 400, "bad_offer"),
        ({"content": sendonly, "headers": SDP}, 422, "unsupported_offer"),
        ({"content": audio, "headers": SDP}, 422, "unsupported_offer"),
        ({"content": unknown, "headers": SDP}, 422, "unsupported_offer"),
        ({"content": b"v=0" + b"x" * 70000, "headers": SDP}, 413, "too_long"),
        ({"content": sendonly, "headers": {"Content-Type": "text/plain"}}, 415, "wrong_type"),
        ({"content": sendonly}, 415, "wrong_type"),
        ({"content": sendonly, "headers": SDP, "params": {"codec": "av1"}}, 400, "unknown_codec"),
    ]
    for request, status, code in cases:
        response = await house.http.post("/whep", **request)  # type: ignore[arg-type]
        assert (response.status_code, response.json()["code"]) == (status, code), request
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["status"] == status and response.json()["detail"]
    assert len(house.studio.audience) == 0


async def test_a_full_house_says_when_to_come_again(open_house: OpenHouse) -> None:
    """Beyond the number of viewers there is 503 with Retry-After."""
    async with open_house(server={"max_viewers": 1}) as house, house.viewer() as first:
        second = WhepViewer(house.http)
        await first.see()
        response = await second.post_offer()
        await second.connection.close()
        assert (response.status_code, response.json()["code"]) == (503, "full")
        assert int(response.headers["retry-after"]) > 0


async def test_candidates_may_come_later(house: House) -> None:
    """PATCH wants a condition that the session fulfils (RFC 9110): its ETag, alone or in a list, or `*`."""
    async with house.viewer() as viewer:
        cases = [
            ({**FRAGMENT, "If-Match": viewer.etag}, 204),
            ({**FRAGMENT, "If-Match": f'"another", {viewer.etag}'}, 204),
            ({**FRAGMENT, "If-Match": f'W/"a,b" ,{viewer.etag}'}, 204),
            ({**FRAGMENT, "If-Match": "*"}, 204),
            (FRAGMENT, 428),
            ({**FRAGMENT, "If-Match": '"another"'}, 412),
            ({**FRAGMENT, "If-Match": "W/" + viewer.etag}, 412),
            ({**FRAGMENT, "If-Match": viewer.etag.strip('"')}, 412),
            ({**FRAGMENT, "If-Match": ""}, 412),
            ({**SDP, "If-Match": viewer.etag}, 415),
        ]
        for headers, status in cases:
            response = await house.http.patch(viewer.session, content=CANDIDATE, headers=headers)
            assert response.status_code == status, headers
        await viewer.see()


async def test_a_viewer_may_trickle_all_its_candidates(house: House) -> None:
    """An offer without any candidate is answered at once, and the candidates that follow are used."""
    viewer = house.viewer()
    viewer.leaves_out_candidates = True
    async with viewer:
        fragment = "a=mid:0\r\n" + "\r\n".join(viewer.candidates)
        headers = {**FRAGMENT, "If-Match": viewer.etag}
        assert (await house.http.patch(viewer.session, content=fragment, headers=headers)).status_code == 204
        await viewer.see()


async def test_only_another_ice_name_or_password_is_a_restart(house: House) -> None:
    """Fragments that repeat the session's own credentials are taken; others are refused, and the session stays."""
    async with house.viewer() as viewer:
        lines = viewer.connection.localDescription.sdp.splitlines()
        own = [line for line in lines if line.startswith(("a=ice-ufrag:", "a=ice-pwd:"))]
        cases = [(own, 204), (own[:1], 204), (["a=ice-ufrag:another"], 422), ([own[0], "a=ice-pwd:" + "x" * 22], 422)]
        for headers in (viewer.etag, "*"):
            for credentials, status in cases:
                fragment = "\r\n".join([*credentials, CANDIDATE])
                response = await house.http.patch(
                    viewer.session, content=fragment, headers={**FRAGMENT, "If-Match": headers}
                )
                assert response.status_code == status, credentials
        assert response.json()["code"] == "no_ice_restart"
        await viewer.see()


async def test_leaving_may_be_conditional(house: House) -> None:
    """DELETE with the ETag of another session changes nothing; with the right one, or none, the session ends."""
    async with house.viewer() as viewer:
        response = await house.http.delete(viewer.session, headers={"If-Match": '"another"'})
        assert (response.status_code, response.json()["code"]) == (412, "etag_mismatch")
        await viewer.see()
        assert (await house.http.delete(viewer.session, headers={"If-Match": viewer.etag})).status_code == 200


async def test_a_session_needs_no_token(open_house: OpenHouse) -> None:
    """To join a token is needed; what follows is allowed to whoever knows the session's address."""
    async with open_house(server={"token": "secret"}) as house:
        viewer = house.viewer()
        assert (await viewer.post_offer()).status_code == 401
        await viewer.connection.close()
        async with WhepViewer(house.http, token=house.view_token) as viewer:
            assert (await house.http.get(viewer.session)).status_code == 200
            headers = {**FRAGMENT, "If-Match": viewer.etag}
            assert (await house.http.patch(viewer.session, content=CANDIDATE, headers=headers)).status_code == 204
            assert (await house.http.delete(viewer.session)).status_code == 200


@pytest.mark.parametrize(("endpoint", "base"), [("/whep", "/"), ("/whep/", "/whep/")])
async def test_the_session_is_named_as_seen_from_the_endpoint(house: House, endpoint: str, base: str) -> None:
    """Location is relative, so that it is right behind any prefix of a path."""
    response = await house.http.post(endpoint, content=await make_offer(), headers=SDP)
    location = response.headers["location"]
    assert response.status_code == 201 and not location.startswith(("/", "http"))
    assert (await house.http.delete(base + location)).status_code == 200


async def test_other_methods_are_told_which_there_are(house: House) -> None:
    """405 names all methods of an address."""
    async with house.viewer() as viewer:
        for path, allow in [
            ("/whep", "GET, HEAD, OPTIONS, POST"),
            (viewer.session, "DELETE, GET, HEAD, OPTIONS, PATCH"),
        ]:
            for method in ("PUT", "TRACE", "NONSENSE", "PATCH" if path == "/whep" else "POST"):
                response = await house.http.request(method, path)
                assert (response.status_code, response.headers["allow"]) == (405, allow)
                assert response.json()["code"] == "wrong_method"


async def test_preflights_are_answered(house: House) -> None:
    """OPTIONS tells browsers of other sites what they may do, on the endpoint and on sessions."""
    for path in ("/whep", "/whep/whatever"):
        response = await house.http.options(path)
        assert response.status_code == 204
        assert response.headers["accept-post"] == "application/sdp"
        assert "If-Match" in response.headers["access-control-allow-headers"]
        assert {"POST", "PATCH", "DELETE"} <= set(response.headers["access-control-allow-methods"].split(", "))


async def test_ice_servers_are_told_exactly_as_configured(open_house: OpenHouse) -> None:
    """Each configured server is a Link; without any there is none. A preflight is told no secrets."""
    async with open_house(webrtc={"ice_servers": ("turn:name:secret@127.0.0.1:3478?transport=udp",)}) as house:
        links = (await house.http.options("/whep")).headers.get_list("link")
        assert links == ['<turn:127.0.0.1:3478?transport=udp>; rel="ice-server"']
    async with open_house() as house, house.viewer() as viewer:
        assert "link" not in viewer.answer.headers


async def test_public_addresses_are_offered_too(open_house: OpenHouse) -> None:
    """An address that is translated to this machine stands in the answer, with the port of ours."""
    async with open_house(webrtc={"addresses": ("127.0.0.1", "192.0.2.77")}) as house, house.viewer() as viewer:
        candidates = [line.split() for line in viewer.answer.text.splitlines() if line.startswith("a=candidate")]
        assert [candidate[4] for candidate in candidates] == ["127.0.0.1", "192.0.2.77"]
        assert candidates[0][5] == candidates[1][5]
        await viewer.see()


async def test_unknown_sessions_are_not_there(house: House) -> None:
    """Whatever is asked of a session that is not there: 404."""
    headers = {**FRAGMENT, "If-Match": "*"}
    for method in ("GET", "PATCH", "DELETE"):
        response = await house.http.request(method, "/whep/nobody", headers=headers)
        assert (response.status_code, response.json()["code"]) == (404, "no_such_session")
