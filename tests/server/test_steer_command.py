"""Facts about `fifo-live steer` with a server that is there."""

import asyncio

import pytest
from typer.testing import CliRunner, Result

from fifo_live.cli import app
from server.http.addresses import Entrance
from tests.server.conftest import House, OpenHouse

ODD_TOKENS = ["[/red] ä%", "a%20b", "50%41x"]


async def steer(*arguments: str) -> Result:
    """Run the command beside the server."""
    return await asyncio.to_thread(CliRunner().invoke, app, ["steer", "a sea", *arguments])


async def test_a_paused_stream_is_said_to_be_paused(house: House) -> None:
    """No seconds are announced then, and nothing is waited for."""
    await house.until_running()
    await house.http.post("/api/pause", json={})
    result = await steer("--url", house.url)
    assert result.exit_code == 0, result.exception
    assert result.output.count("\n") == 1
    assert "first seen in frame" in result.output and "when the stream, which is paused, goes on" in result.output


@pytest.mark.parametrize("name", ["socks_proxy", "all_proxy", "http_proxy", "https_proxy", "ALL_PROXY"])
async def test_a_server_on_this_machine_is_asked_directly(
    house: House, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proxies in the environment are for the world outside."""
    await house.until_running()
    for exception in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(exception, raising=False)
    monkeypatch.setenv(name, "socks5://127.0.0.1:1" if "http" not in name else "http://127.0.0.1:1")
    result = await steer("--url", house.url, "--no-wait")
    assert result.exit_code == 0, result.exception


@pytest.mark.parametrize("token", ODD_TOKENS)
async def test_a_token_works_as_it_is_and_as_it_is_printed(open_house: OpenHouse, token: str) -> None:
    """In --token and in --url, plain or percent-encoded."""
    async with open_house(server={"token": token}) as house:
        async with house.control(f"?token={house.view_token}") as client:
            await client.state_where(lambda state: state["engine"]["state"] == "running")
        port = int(house.url.rpartition(":")[2])
        page = Entrance("127.0.0.1", port, token).page
        for arguments in (("--url", page), ("--url", house.url, "--token", token)):
            result = await steer(*arguments, "--no-wait")
            assert result.exit_code == 0, (arguments, result.exception)
        printed = page.partition("token=")[2]
        result = await steer("--url", house.url, "--token", printed, "--no-wait")
        assert result.exit_code == 0, (printed, result.exception)


@pytest.mark.parametrize(
    ("path", "token", "sentence"),
    [
        ("", "", "requires a token: pass the one that `fifo-live serve` prints with --token."),
        ("", "wrong", "rejects this token; pass the steering token"),
        ("nowhere/", "secret", "(HTTP 403); check the path of the address."),
    ],
)
async def test_a_refusal_says_what_to_do(open_house: OpenHouse, path: str, token: str, sentence: str) -> None:
    """A missing token, a wrong one and a wrong path are told apart."""
    async with open_house(server={"token": "secret"}) as house:
        result = await steer("--url", f"{house.url}/{path}", "--token", token, "--no-wait")
    assert sentence in str(result.exception)


async def test_the_token_to_watch_is_not_enough(open_house: OpenHouse) -> None:
    """Whoever pastes the viewer's address hears that it only allows watching."""
    async with open_house(server={"token": "secret"}) as house:
        result = await steer("--url", f"{house.url}/watch#token={house.view_token}", "--no-wait")
    assert "only allows watching" in str(result.exception)
