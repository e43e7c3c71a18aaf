"""The parts of the page for a person: what each may see, and what stands in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.served_page import CHEAP
from tests.ui.page.conftest import Tab
from tools.errors import Refused
from ui.auth.logins import Logins
from ui.auth.passwords import Passwords
from ui.page.screens import NEEDS
from ui.viewer import Viewer, local_director


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("board", "12A T1"),
        ("characters", "green eyes"),
        ("quality", "0.031"),
        ("jobs", "section"),
        ("costs", "section"),
        ("compare", "section"),
        ("bases", "maquette"),
    ],
)
def test_a_director_sees_every_tab(tab: Tab, name: str, part: str) -> None:
    assert part in tab.screens.tab(name, tab.here())


def test_every_tab_can_be_drawn() -> None:
    assert {"board", "characters", "quality", "jobs", "costs", "compare", "bases"} == set(NEEDS)


def reviewer(tab: Tab) -> Viewer:
    rosa = Logins(tab.filled.studio.services.database, Passwords(CHEAP)).named("Rosa")
    assert rosa is not None
    return rosa


@pytest.mark.parametrize("name", ["characters", "jobs", "costs", "bases"])
def test_a_reviewer_gets_no_tab_of_the_directors(tab: Tab, name: str) -> None:
    here = replace(tab.here(), viewer=reviewer(tab))
    assert not tab.screens.may_open(here, name)
    with pytest.raises(Refused):
        tab.screens.tab(name, here)


def test_a_reviewer_sees_the_board_and_not_the_chat(tab: Tab) -> None:
    here = replace(tab.here(), viewer=reviewer(tab))
    assert tab.screens.may_open(here, "board")
    assert not tab.screens.may_open(here, "chat")


def test_without_a_production_a_director_talks_and_nobody_else_does_anything(tab: Tab) -> None:
    nowhere = replace(tab.here(), viewer=local_director(), production=None)
    assert tab.screens.may_open(nowhere, "chat")
    assert not tab.screens.may_open(nowhere, "board")
    assert not tab.screens.may_open(nowhere, "jobs")


def test_two_takes_are_compared_by_the_address(tab: Tab) -> None:
    shown = tab.screens.tab("compare", tab.here(a="12A T1", b="12A T2"))
    assert "12A T1" in shown
    assert "12A T2" in shown


@pytest.mark.parametrize(
    "asked", [{}, {"a": "12A T1"}, {"a": "12A T1", "b": "99Z T9"}, {"a": "x", "b": "<script>"}]
)
def test_an_address_that_names_no_two_takes_compares_nothing(
    tab: Tab, asked: dict[str, str]
) -> None:
    shown = tab.screens.tab("compare", tab.here(**asked))
    assert shown == tab.screens.tab("compare", tab.here())
    assert "<script>" not in shown


def test_the_desk_of_a_quiet_conversation(tab: Tab) -> None:
    assert "12A T1" not in tab.screens.desk(tab.here(conversation=tab.filled.conversation_id))


def test_who_looks_and_what_there_is_to_choose(tab: Tab) -> None:
    place = tab.screens.place(tab.here())
    assert place.is_director
    assert "Harbour" in {choice.label for choice in place.productions}
