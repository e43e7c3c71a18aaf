"""What the page's events answer to whom, over real HTTP: hidden tabs are not the protection."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.support.filled_studio import PASSED, plan, shot, takes
from tests.support.live_page import LivePage, harbour_studio, live_page
from tests.support.served_page import sign_in
from tools.store.conversation import list_messages, start_conversation
from tools.store.user import disable_user

API = "/studio/gradio_api"


@dataclass(frozen=True)
class People:
    """A served page, and browsers signed in to it."""

    page: LivePage
    ida: httpx.Client
    rosa: httpx.Client
    dan: httpx.Client


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    studio = harbour_studio(tmp_path_factory.mktemp("page"))
    plan(studio.services, shot("12A"), production="Harbour")
    takes(studio.services, shot("12A"), [PASSED], production="Harbour")
    with live_page(studio) as page, ExitStack() as stack:
        clients = [stack.enter_context(httpx.Client(base_url=page.url, timeout=20)) for _ in "123"]
        for client, name in zip(clients, ("Ida", "Rosa", "Dan"), strict=True):
            assert sign_in(client, name).status_code == 303
        yield People(page, *clients)


def fire(client: httpx.Client, name: str, data: list[Any], **address: str) -> Any:
    """Send an event without the page, as a script of someone's own could."""
    body = {"data": data, "session_hash": f"script{id(client)}", "event_data": None}
    return client.post(f"{API}/run/{name}", json=body, params=address)


def spoken(answer: httpx.Response) -> str:
    return json.dumps(answer.json())


def test_the_page_offers_every_kind_of_photo_that_is_read(people: People) -> None:
    page = people.ida.get("/studio/config").text
    assert ".gif,.heic,.heif" in page
    assert ".jfif" in page


def test_a_director_opens_every_tab(people: People) -> None:
    for name in ("board", "characters", "quality", "jobs", "costs", "compare", "bases"):
        answer = fire(people.ida, f"open_{name}", [None], production=people.page.production())
        assert answer.status_code == 200, answer.text
        assert "section" in spoken(answer), name


@pytest.mark.parametrize("name", ["characters", "jobs", "costs", "bases"])
def test_a_reviewer_gets_no_tab_of_the_directors(people: People, name: str) -> None:
    answer = fire(people.rosa, f"open_{name}", [None])
    assert "section" not in spoken(answer)
    assert "may not" in spoken(answer)


def test_a_reviewer_sees_the_own_production_whatever_the_address_says(people: People) -> None:
    harbour = people.page.production()
    assert "12A T1" in spoken(fire(people.rosa, "open_board", [None]))
    assert "12A T1" not in spoken(fire(people.dan, "open_board", [None], production=harbour))


def test_the_clock_gives_a_reviewer_no_conversation(people: People) -> None:
    with people.page.studio.services.database.session() as session:
        conversation = start_conversation(session=session, production_id=people.page.production())
    address = {
        "conversation": conversation.id,
        "tab": "jobs",
        "production": people.page.production(),
    }
    said = spoken(fire(people.rosa, "tick", [None], **address))
    assert "Waits for you" not in said
    assert "jobs" not in said
    assert "Waits for you" in spoken(fire(people.ida, "tick", [None], **address))


def test_a_reviewer_cannot_talk(people: People) -> None:
    with people.page.studio.services.database.session() as session:
        conversation = start_conversation(session=session, production_id=people.page.production())
    address = {"conversation": conversation.id, "production": people.page.production()}
    body = {
        "data": ["train Daro"],
        "fn_index": _number(people.rosa, "say"),
        "session_hash": "rosa",
    }
    assert people.rosa.post(f"{API}/queue/join", json=body, params=address).status_code == 200
    assert "may not talk" in _stream(people.rosa, "rosa")
    with people.page.studio.services.database.reading() as session:
        assert list_messages(session=session, conversation_id=conversation.id) == []


def _number(client: httpx.Client, name: str) -> int:
    found = client.get("/studio/config").json()["dependencies"]
    return next(int(each["id"]) for each in found if each["api_name"] == name)


def _stream(client: httpx.Client, session: str) -> str:
    with client.stream("GET", f"{API}/queue/data", params={"session_hash": session}) as stream:
        for line in stream.iter_lines():
            if "process_completed" in line:
                return line
    raise AssertionError("the stream ended without a result")


def test_a_closed_account_sees_nothing_more(people: People) -> None:
    with people.page.studio.services.database.session() as session:
        disable_user(session=session, name="Dan")
    assert fire(people.dan, "open_board", [None]).status_code == 401
