"""Tests of the commands as JSON over HTTP."""

from tests.server.conftest import House, OpenHouse


async def test_commands_do_what_they_do_over_the_socket(house: House) -> None:
    """Every command is there under /api, and the state tells of it."""
    await house.until_running()
    accepted = (await house.http.post("/api/prompt", json={"text": "fire", "id": 5})).json()
    assert (accepted["type"], accepted["id"], accepted["understood"]) == ("accepted", 5, ["fire"])
    assert accepted["visible_frame"] > accepted["enters_frame"] and accepted["eta_s"] > 0
    assert (await house.http.post("/api/set", json={"guidance": 2})).status_code == 200
    marked = b"\xef\xbb\xbf" + b'{"seed": 2}'
    assert (await house.http.post("/api/set", content=marked)).status_code == 200
    for command in ("pause", "resume", "cut"):
        assert (await house.http.post(f"/api/{command}")).status_code == 200
    state = (await house.http.get("/api/state")).json()
    assert state["guidance"] == 2.0
    assert (await house.http.post("/api/set", json={"guidance": 0})).status_code == 200
    assert (await house.http.get("/api/state")).json()["guidance"] == 0.0
    assert [cue["prompts"][0]["text"] for cue in state["cues"]] == ["a quiet sea", "fire"]
    assert (await house.http.get("/api/stats")).json()["type"] == "stats"


async def test_bad_commands_are_problems(house: House) -> None:
    """What is wrong is answered with a status and the same code as over the socket."""
    await house.until_running()
    cases: list[tuple[str, dict[str, object], int, str]] = [
        ("prompt", {"content": b"nonsense"}, 422, "bad_message"),
        ("prompt", {"content": b"[1]"}, 422, "bad_message"),
        ("prompt", {"json": {"text": ""}}, 422, "prompt_empty"),
        ("prompt", {"json": {"type": "pause"}}, 422, "bad_message"),
        ("prompt", {"json": {"text": "!reject"}}, 422, "prompt_refused"),
        ("set", {}, 422, "bad_message"),
        ("pause", {"json": {"loudly": True}}, 422, "bad_message"),
        ("prompt", {"content": b"x" * 70000}, 413, "too_long"),
        ("prompt", {"content": b"[" * 30000}, 422, "bad_message"),
        ("prompt", {"content": b'{"text": "\\ud800"}'}, 422, "bad_message"),
        ("prompt", {"content": b'{"text": "\xff"}'}, 422, "bad_message"),
        ("prompt", {"content": '{"text": "fire"}'.encode("utf-16")}, 422, "bad_message"),
        ("prompt", {"json": {"text": "\u200b"}}, 422, "prompt_empty"),
        ("pause", {"json": {"id": True}}, 422, "bad_message"),
        ("pause", {"content": b"null"}, 422, "bad_message"),
    ]
    for command, request, status, code in cases:
        response = await house.http.post(f"/api/{command}", **request)  # type: ignore[arg-type]
        assert (response.status_code, response.json()["code"]) == (status, code)
        assert response.headers["content-type"] == "application/problem+json"


async def test_without_an_engine_commands_are_unavailable(open_house: OpenHouse) -> None:
    """An engine that cannot run is a 503."""
    async with open_house(fake={"fail": "No such model.", "fatal": True}) as house:
        async with house.control() as client:
            await client.state_where(lambda state: state["engine"]["state"] == "failed")
        response = await house.http.post("/api/prompt", json={"text": "fire"})
        assert (response.status_code, response.json()["detail"]) == (503, "No such model.")
        stats = (await house.http.get("/api/stats")).json()
        assert (stats["generated_fps"], stats["delivered_fps"], stats["tick_ms"]) == (0.0, 0.0, 0.0)
        assert (await house.http.get("/api/state")).json()["fps"] == 0.0


async def test_tokens_have_their_roles(open_house: OpenHouse) -> None:
    """The view token reads, the token commands, and nothing goes without."""
    async with open_house(server={"token": "secret"}) as house:
        view, steer = ({"Authorization": f"Bearer {token}"} for token in (house.view_token, "secret"))
        assert (await house.http.get("/api/state")).status_code == 401
        assert "Bearer" in (await house.http.get("/api/state")).headers["www-authenticate"]
        assert (await house.http.get("/api/state", headers=view)).json()["role"] == "view"
        assert (await house.http.post("/api/pause", headers=view)).status_code == 403
        assert (await house.http.post("/api/pause", headers=steer)).status_code == 200
        assert (await house.http.post("/whep", headers={"Authorization": "Bearer wrong"})).status_code == 403
        for path in ("/", "/healthz", "/readyz", "/docs"):
            assert (await house.http.get(path)).status_code in (200, 503), path


async def test_other_sites_are_shut_out(house: House) -> None:
    """Without a token neither a page from elsewhere nor a name that was made to point here gets in."""
    strangers = ("http://evil.example", "null", "http://localhost:3000", "http://127.0.0.1")
    for headers in ({"Host": "evil.example"}, *({"Origin": origin} for origin in strangers)):
        assert (await house.http.post("/api/pause", headers=headers)).status_code == 403
    own = {"Origin": house.url.rstrip("/")}
    assert (await house.http.post("/api/pause", headers=own)).status_code == 200


async def test_what_a_proxy_passes_on_needs_a_token(house: House) -> None:
    """A header of a proxy shuts every guarded door, and the answer says what to do."""
    for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via", "CF-Connecting-IP"):
        for method, path in (("POST", "/api/prompt"), ("GET", "/api/state"), ("GET", "/metrics"), ("POST", "/whep")):
            response = await house.http.request(method, path, headers={name: "127.0.0.1"}, json={"text": "fire"})
            assert (response.status_code, "--token" in response.json()["detail"]) == (403, True), (name, path)


async def test_the_description_is_complete(house: House) -> None:
    """OpenAPI knows every command with its values, and the page about it needs no other site."""
    description = (await house.http.get("/openapi.json")).json()
    assert {"/api/prompt", "/api/set", "/api/pause", "/api/resume", "/api/cut", "/api/state"} <= set(
        description["paths"]
    )
    body = description["paths"]["/api/prompt"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert {"text", "prompts", "transition", "urgency"} <= set(body["properties"])
    page = (await house.http.get("/docs")).text
    assert "POST /api/prompt" in page and "http://" not in page and "https://" not in page
