from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.support.served_page import House
from tests.ui.server.conftest import Browsers

API = "/studio/gradio_api"


def join(client: httpx.Client, session: str, fn_index: int, data: list[object]) -> httpx.Response:
    """Send an event of the page, as its script does."""
    body = {"data": data, "fn_index": fn_index, "session_hash": session, "event_data": None}
    return client.post(f"{API}/queue/join", json=body)


def outcome(client: httpx.Client, session: str) -> dict[str, Any]:
    """Read the session's stream until an event is done."""
    with client.stream("GET", f"{API}/queue/data", params={"session_hash": session}) as stream:
        assert stream.status_code == 200, stream.read()
        for line in stream.iter_lines():
            message = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
            if message.get("msg") == "process_completed":
                return dict(message["output"])
    raise AssertionError("the stream ended without a result")


def event_of(client: httpx.Client, name: str) -> int:
    """Return the number of a handler."""
    for each in client.get("/studio/config").json()["dependencies"]:
        if each["api_name"] == name:
            return int(each["id"])
    raise AssertionError(name)


def test_a_handler_knows_who_sent_the_event(browsers: Browsers) -> None:
    greet = event_of(browsers.ida, "greet")
    for client, session, name in ((browsers.ida, "one", "Ida"), (browsers.rosa, "two", "Rosa")):
        assert join(client, session, greet, []).status_code == 200
        assert outcome(client, session)["data"] == [f"hello {name}"]


def test_a_session_of_one_person_is_closed_to_another(browsers: Browsers) -> None:
    shout = event_of(browsers.ida, "shout")
    assert join(browsers.ida, "hers", shout, ["secret"]).status_code == 200
    taken = {"session_hash": "hers"}
    body = {"data": ["x"], "fn_index": shout, "event_id": "1", **taken}
    tries = [
        browsers.rosa.get(f"{API}/queue/data", params=taken),
        browsers.rosa.get(f"{API}/queue/data?session_hash=mine&session_hash=hers"),
        browsers.rosa.get(f"{API}/heartbeat/hers"),
        browsers.rosa.post(f"{API}/queue/join", json=body),
        browsers.rosa.post(f"{API}/run/predict", json=body),
        browsers.rosa.post(f"{API}/cancel", json=body),
        browsers.rosa.post(f"{API}/reset", json=body),
    ]
    assert [each.status_code for each in tries] == [403] * len(tries)
    assert outcome(browsers.ida, "hers")["data"] == ["Ida: SECRET"]


CLOSED = [
    ("GET", "/gradio_api/file=/etc/passwd"),
    ("GET", "/gradio_api/file={home}/samecast.db"),
    ("GET", "/gradio_api/file={home}/secret.key"),
    ("GET", "/gradio_api/file={home}/conversations.db"),
    ("GET", "/gradio_api/file={home}/gradio/x"),
    ("GET", "/gradio_api/file=http://127.0.0.1/"),
    ("GET", "/gradio_api/file=https://example.com/"),
    ("GET", "/gradio_api/file/etc/passwd"),
    ("GET", "/gradio_api/proxy=https://example.com/"),
    ("HEAD", "/gradio_api/proxy=https://example.com/"),
    ("POST", "/gradio_api/upload"),
    ("GET", "/gradio_api/upload_progress?upload_id=1"),
    ("GET", "/gradio_api/runs"),
    ("GET", "/gradio_api/run-history/records"),
    ("GET", "/gradio_api/openapi.json"),
    ("GET", "/gradio_api/deep_link?session_hash=1"),
    ("GET", "/gradio_api/stream/1/1/1/playlist.m3u8"),
    ("POST", "/gradio_api/stream/1"),
    ("POST", "/gradio_api/component_server"),
    ("POST", "/gradio_api/call/greet"),
    ("POST", "/gradio_api/call/v2/greet"),
    ("POST", "/gradio_api/api/greet"),
    ("GET", "/gradio_api/vibe-code"),
    ("POST", "/gradio_api/vibe-code"),
    ("GET", "/gradio_api/token"),
    ("GET", "/gradio_api/custom_component/x/client/component/index.js"),
    ("GET", "/monitoring"),
    ("GET", "/monitoring/summary"),
    ("POST", "/login"),
    ("GET", "/logout"),
    ("GET", "/robots.txt"),
    ("PUT", "/gradio_api/queue/join"),
]


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_what_the_page_does_not_need_is_closed_even_to_a_director(
    house: House, browsers: Browsers, method: str, path: str
) -> None:
    home = house.studio.services.settings.home
    answer = browsers.ida.request(method, "/studio" + path.format(home=home))
    # 405: no route of ours takes this method; 403 and 404: the door.
    assert answer.status_code in (403, 404, 405), answer.text
    assert "root:" not in answer.text
    assert b"SQLite format" not in answer.content


CLIMBING = [
    "/studio/assets/../../../../../../etc/passwd",
    "/studio/static/..%2f..%2f..%2f..%2fetc/passwd",
    "/studio/assets/%2e%2e/%2e%2e/routes.py",
    "/studio//gradio_api/file=/etc/passwd",
    "/studio/gradio_api/run/..%2ffile=/etc/passwd",
    "/studio/assets/x%00.js",
    "/studio/assets/..\\..\\routes.py",
    "//studio/gradio_api/file=/etc/passwd",
]


@pytest.mark.parametrize("path", CLIMBING)
def test_an_address_that_climbs_leads_nowhere(browsers: Browsers, path: str) -> None:
    raw = httpx.URL(str(browsers.ida.base_url)).copy_with(raw_path=path.encode())
    answer = browsers.ida.get(raw)
    assert answer.status_code == 404, answer.text
    assert "root:" not in answer.text


def test_a_handler_cannot_hand_out_a_file_by_mistake(house: House, browsers: Browsers) -> None:
    config = browsers.ida.get("/studio/config").json()
    assert config["is_colab"] is False
    import gradio as gr

    pages = [
        route.app.get_blocks()  # type: ignore[attr-defined]
        for route in house.app.routes
        if getattr(route, "path", "") == "/studio"
        and hasattr(getattr(route, "app", None), "get_blocks")
    ]
    assert len(pages) == 1
    page = pages[0]
    assert isinstance(page, gr.Blocks)
    assert page.allowed_paths == []
    assert page.blocked_paths == ["/"]
    assert (page.show_error, page.run_history, page.footer_links) == (False, False, [])


def test_no_route_takes_a_history_of_messages(browsers: Browsers) -> None:
    config = browsers.ida.get("/studio/config").json()
    kinds = {each["id"]: each["type"] for each in config["components"]}
    for each in config["dependencies"]:
        assert "chatbot" not in {kinds[number] for number in each["inputs"]}


def test_the_page_says_nothing_of_the_computer_it_runs_on(house: House, browsers: Browsers) -> None:
    text = browsers.ida.get("/studio/").text + browsers.ida.get("/studio/config").text
    assert str(house.studio.services.settings.home) not in text
    assert "api.gradio.app" not in browsers.ida.get("/studio/config").text


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
@pytest.mark.parametrize("route", ["queue/join", "cancel", "reset", "run/predict"])
def test_a_body_nested_too_deep_is_refused_and_breaks_nothing(
    browsers: Browsers, route: str, opening: bytes
) -> None:
    headers = {"content-type": "application/json"}
    answer = browsers.rosa.post(f"{API}/{route}", content=opening * 100_000, headers=headers)
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": "this is nothing that the page sends"},
    )
