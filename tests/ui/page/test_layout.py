"""The page's handlers: what each answers with, and how an error is said."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from tests.ui.page.conftest import Tab
from tools.errors import BadInput
from ui.page.components import build_components
from ui.page.last_sent import LastSent
from ui.page.layout import _told, _Wiring, build_page
from ui.page.screens import NEEDS


def request(page: Tab, **address: str) -> Any:
    asked = {"production": page.filled.production_id, **address}
    return SimpleNamespace(query_params=asked, session_hash="tab")


@pytest.fixture
def wiring(tab: Tab) -> _Wiring:
    with gr.Blocks():
        return _Wiring(tab.parts, build_components())


def test_an_expected_error_is_said_without_becoming_a_tag() -> None:
    def refuse(words: str) -> None:
        raise BadInput(words)

    with pytest.raises(gr.Error) as caught:
        _told(refuse, "<script>")
    assert caught.value.message == "&lt;script&gt;"
    assert _told(str.upper, "a") == "A"


def test_a_bug_stays_one() -> None:
    def fail() -> None:
        raise RuntimeError("bug")

    with pytest.raises(RuntimeError, match="bug"):
        _told(fail)


def test_every_tab_has_its_event_and_no_event_is_twice(tab: Tab) -> None:
    config = build_page(tab.parts).get_config_file()
    names = [each["api_name"] for each in config["dependencies"] if each["api_name"]]
    assert {f"open_{name}" for name in NEEDS} <= set(names)


def test_who_arrives_sees_the_tabs_and_the_chat_first(tab: Tab, wiring: _Wiring) -> None:
    updates = wiring.arrive(request(tab))
    room = wiring._components
    assert "Harbour" in updates[room.header]
    assert updates[room.switch].selected == "chat"
    assert all(updates[page].visible for page in room.pages.values())


def test_an_address_opens_its_tab_with_its_content(tab: Tab, wiring: _Wiring) -> None:
    updates = wiring.arrive(request(tab, tab="board"))
    room = wiring._components
    assert updates[room.switch].selected == "board"
    assert "12A T1" in updates[room.tabs["board"]]
    nowhere = wiring.arrive(request(tab, tab="dance"))
    assert nowhere[room.switch].selected == "chat"


def test_a_quiet_second_changes_nothing_but_what_was_seen(tab: Tab, wiring: _Wiring) -> None:
    room = wiring._components
    first = wiring.tick(LastSent(), request(tab))
    again = wiring.tick(first[room.seen], request(tab))
    assert set(again) == {room.seen}


def test_a_tab_that_is_opened_brings_its_content(tab: Tab, wiring: _Wiring) -> None:
    room = wiring._components
    updates = wiring._opener("board")(LastSent(), request(tab))
    assert "12A T1" in updates[room.tabs["board"]]
