"""Facts about the pages and their files."""

import pytest

from tests.server.conftest import House


async def test_pages_are_revalidated_and_not_sent_again(house: House) -> None:
    """A page has an ETag and is not stored without asking; an unchanged one is 304."""
    for path in ("/", "/watch", "/web/control/app.js"):
        response = await house.http.get(path)
        assert response.status_code == 200 and response.headers["cache-control"] == "no-cache"
        headers = {"If-None-Match": response.headers["etag"]}
        assert (await house.http.get(path, headers=headers)).status_code == 304


@pytest.mark.parametrize("path", ["/web/../server/app.py", "/web/%2e%2e/pyproject.toml", "/web/nothing.js", "/nothing"])
async def test_only_what_is_meant_to_be_seen_is_seen(house: House, path: str) -> None:
    """Files outside the folders are not there."""
    assert (await house.http.get(path)).status_code == 404


async def test_the_control_page_is_the_dock(house: House) -> None:
    """The dock's address leads to the control page and keeps what was asked with it."""
    response = await house.http.get("/obs/dock?token=secret")
    assert (response.status_code, response.headers["location"]) == (307, "../?token=secret")
    assert (await house.http.get("/obs/dock")).headers["location"] == "../"


async def test_a_module_is_found_where_it_was_before_lib(house: House) -> None:
    """Pages elsewhere that import `/web/whep.js` are led to `/web/lib/whep.js`, below any path prefix."""
    response = await house.http.get("/web/whep.js")
    assert (response.status_code, response.headers["location"]) == (307, "lib/whep.js")
    assert (await house.http.get("/web/lib/whep.js")).headers["content-type"].startswith("text/javascript")
    assert (await house.http.get("/web/app.js")).status_code == 404
