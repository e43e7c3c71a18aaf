"""Every error of an application is one line of JSON, and a bug tells nothing of itself."""

from __future__ import annotations

import logging

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, ValidationError

from tools.errors import BadInput, FailedError, Refused, SamecastError, StorageFailed, UnknownName
from ui.server.answers import add_answers, said, status_of
from ui.server.headers import security_headers


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Refused("gate"), 403),
        (UnknownName("12A T9"), 404),
        (BadInput("no"), 400),
        (StorageFailed("full"), 503),
        (FailedError("lost"), 503),
    ],
)
def test_the_status_of_an_error(error: SamecastError, status: int) -> None:
    assert status_of(error) == status


class Sent(BaseModel):
    """A body."""

    count: int


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    add_answers(app)

    @app.get("/refused")
    def refused() -> None:
        raise Refused("you may not")

    @app.get("/bug")
    def bug() -> None:
        raise RuntimeError("secret words")

    @app.post("/act/count")
    def count(sent: Sent) -> int:
        return sent.count

    return TestClient(app, raise_server_exceptions=False)


def test_an_expected_error_is_said(client: TestClient) -> None:
    answer = client.get("/refused")
    assert (answer.status_code, answer.json()) == (403, {"error": "you may not"})


def test_a_wrong_address_is_answered_in_the_same_form(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert (answer.status_code, answer.json()) == (404, {"error": "Not Found"})


@pytest.mark.parametrize(
    ("body", "where"), [('{"count": "my words"}', "count"), ("{}", "count"), ("[", "")]
)
def test_a_wrong_body_is_named_by_its_field_and_not_sent_back(
    client: TestClient, body: str, where: str
) -> None:
    answer = client.post("/act/count", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(where)
    assert "my words" not in answer.text


def test_a_bug_is_logged_and_not_shown(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = client.get("/bug")
    assert (answer.status_code, answer.json()) == (
        500,
        {"error": "a bug; the program's log says what"},
    )
    assert "bug in GET /bug" in caplog.text
    assert "secret words" in caplog.text
    for name, value in {**security_headers("/bug"), "Cache-Control": "no-store"}.items():
        assert answer.headers[name] == value


def test_what_is_wrong_with_a_value_as_a_whole() -> None:
    with pytest.raises(ValidationError) as caught:
        Sent.model_validate([])
    assert said(caught.value).startswith("the body: ")
