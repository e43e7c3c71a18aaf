from __future__ import annotations

from typing import Any

import pytest

from tests.support.page_orders import Bodies
from tests.support.served_page import act
from tests.ui.server.conftest import Browsers
from ui.server.actions import VERBS


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_an_action_takes_its_own_buttons_only(
    browsers: Browsers, bodies: Bodies, verb: str
) -> None:
    body, path = bodies.of(verb), f"/act/{verb}"
    plain = browsers.ida.post(path, json=body)
    assert plain.status_code == 403
    assert "this page's own buttons" in plain.json()["error"]
    for headers in (
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
        {"sec-fetch-site": "same-site"},
    ):
        sent = browsers.ida.post(path, json=body, headers={"X-Samecast": "1", **headers})
        assert sent.status_code == 403, headers
    assert browsers.ida.get(path, headers={"X-Samecast": "1"}).status_code == 405
    own = {"X-Samecast": "1", "origin": str(browsers.ida.base_url).rstrip("/")}
    own["sec-fetch-site"] = "same-origin"
    assert browsers.ida.post(path, json=body, headers=own).status_code == 200


BAD: list[tuple[str, object, str]] = [
    ("pick", {}, "production_id: Field required"),
    ("pick", [], "the body: Input should be an object"),
    (
        "pick",
        {"production_id": "x" * 32, "takes": ["12A T1"]},
        "production_id: String should match",
    ),
    ("pick", {"production_id": "0" * 32, "takes": []}, "takes: Tuple should have at least 1 item"),
    ("pick", {"production_id": "0" * 32, "takes": ["12A T1"] * 61}, "takes: Tuple should have at"),
    ("pick", {"production_id": "0" * 32, "takes": ["'; DROP"]}, "takes.0: String should match"),
    (
        "reject",
        {"production_id": "0" * 32, "takes": ["12A T1"], "note": "x" * 301},
        "note: String should have at most 300 characters",
    ),
    (
        "pick",
        {"production_id": "0" * 32, "takes": ["12A T1"], "by": "Ida"},
        "by: Extra inputs are not permitted",
    ),
    ("vote", {"production_id": "0" * 32, "take": "12A T1", "vote": "win"}, "vote: Input should be"),
    ("comment", {"production_id": "0" * 32, "take": "12A T1", "text": " "}, "text: String should"),
    ("new_production", {"name": "a\nb"}, "name: String should match"),
    ("cancel", {"job_id": "../x"}, "job_id: String should match"),
]


@pytest.mark.parametrize(("verb", "body", "message"), BAD)
def test_a_body_that_is_not_the_actions_own_is_told_what_is_wrong(
    browsers: Browsers, verb: str, body: object, message: str
) -> None:
    answer = act(browsers.ida, verb, body)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(message), answer.text


@pytest.mark.parametrize("sent", [b"", b"{", b"\xff\xfe", b"[" * 5000])
def test_what_is_no_json_is_said(browsers: Browsers, sent: bytes) -> None:
    answer = browsers.ida.post("/act/pick", content=sent, headers={"X-Samecast": "1"})
    assert answer.status_code == 400
    assert "Invalid JSON" in answer.json()["error"]


def test_too_long_a_body_is_not_read(browsers: Browsers) -> None:
    body = {"production_id": "0" * 32, "takes": ["12A T1"], "note": "x" * 70_000}
    assert act(browsers.ida, "pick", body).status_code == 413

    def pieces() -> Any:
        yield from [b"x" * 10_000] * 10

    headers = {"X-Samecast": "1"}
    unsized = browsers.ida.post("/act/pick", content=pieces(), headers=headers)
    assert unsized.status_code == 413


def test_an_action_that_does_not_exist_is_said(browsers: Browsers) -> None:
    answer = act(browsers.ida, "delete", {})
    assert (answer.status_code, answer.json()) == (404, {"error": "no action 'delete'"})
