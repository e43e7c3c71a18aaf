from __future__ import annotations

import json
from typing import Any

import httpx

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
