from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from starlette.routing import BaseRoute, Mount, Route

from tests.support.served_page import House
from tests.ui.server.conftest import Browsers

OPEN = {("GET", "/login"), ("POST", "/login")}
FRONT = {"/", "/studio", "/studio/"}


def routes(found: list[BaseRoute], start: str = "") -> Iterator[tuple[str, str]]:
    """Every method and path that anything in the application answers to, Gradio's too."""
    for route in found:
        if isinstance(route, Mount):
            yield from routes(list(route.routes), start + route.path)
        elif isinstance(route, Route):
            for method in route.methods or ():
                yield method, start + route.path
        else:
            inner = getattr(route, "original_router", None)
            assert inner is not None, f"a kind of route this test does not know: {route!r}"
            yield from routes(list(inner.routes), start)


def filled(path: str) -> str:
    """A path with something in place of every parameter."""
    parts = path.replace("{path:path}", "x").replace("{path_or_url:path}", "/etc/passwd")
    while "{" in parts:
        before, _, after = parts.partition("{")
        parts = before + "1" + after.partition("}")[2]
    return parts


def test_no_route_answers_a_stranger_but_the_login(house: House, browsers: Browsers) -> None:
    known = sorted(set(routes(list(house.app.routes))) - OPEN)
    paths = {path for _, path in known}
    assert {"/media/{production_id}/{name}", "/act/{name}", "/studio/gradio_api/upload"} <= paths
    assert len(paths) > 60, "Gradio's routes are among them"
    for method, path in known:
        answer = browsers.stranger.request(method, filled(path))
        if path in FRONT and method in ("GET", "HEAD"):
            assert answer.status_code == 303, (method, path)
            assert answer.headers["location"] == "/login"
        else:
            # 403: actions are refused before anybody asks who sent them.
            assert answer.status_code in (401, 403, 413), (method, path, answer.text)
        assert "samecast" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/docs", "/openapi.json", "/redoc", "/studio/openapi.json", "/login/x", "/.env"],
)
def test_a_stranger_does_not_learn_which_addresses_there_are(browsers: Browsers, path: str) -> None:
    answer = browsers.stranger.get(path)
    assert answer.status_code == 401
    assert answer.json() == {"error": "sign in first"}


@pytest.mark.parametrize(
    "path",
    ["/docs", "/openapi.json", "/redoc", "/studio/openapi.json", "/studio/docs", "/studio/redoc"],
)
def test_nobody_gets_a_list_of_the_routes(browsers: Browsers, path: str) -> None:
    assert browsers.ida.get(path).status_code == 404


@pytest.mark.parametrize("cookie", ["", "x", "a" * 43, "../../etc/passwd", '"', "é"])
def test_a_made_up_cookie_opens_nothing(house: House, cookie: str) -> None:
    headers = [(b"cookie", b"samecast_login=" + cookie.encode())]
    answer = httpx.get(f"{house.url}/studio/config", headers=headers)
    assert answer.status_code == 401
