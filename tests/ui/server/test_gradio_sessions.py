from __future__ import annotations

import json
from typing import Any

import httpx

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
