"""A conversation on the page: what is stored, what is being said, and when one has the word."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event as Signal

import pytest

from agent.events import Event, Token, TurnEnded, TurnFailed
from tests.support.served_page import RecordedRunner
from tests.ui.page.conftest import Tab
from tools.errors import BadInput
from tools.store.conversation import MessageCreate, MessageRole, add_message
from ui.page.access import Here


def store(tab: Tab, role: MessageRole, text: str) -> None:
    with tab.filled.studio.services.database.session() as session:
        message = MessageCreate(
            conversation_id=tab.filled.conversation_id, role=role, author="Ida", text=text
        )
        add_message(session=session, message=message)


@pytest.fixture
def here(tab: Tab) -> Here:
    return tab.here(conversation=tab.filled.conversation_id)


def run(tab: Tab, *events: Event) -> None:
    """Let a turn happen and end."""
    tab.turns.start(tab.filled.conversation_id, lambda: iter(events))
    list(tab.turns.follow(tab.filled.conversation_id))


def said(tab: Tab, here: Here) -> str:
    return str(tab.talking.messages(here))


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_nothing_begins_no_turn(tab: Tab, here: Here, text: str) -> None:
    with pytest.raises(BadInput, match="say what you would like to do"):
        tab.talking.begin(here, text)


def test_one_turn_at_a_time(tab: Tab, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, heard = Signal(), list[tuple[str, ...]]()

    def say(_: object, *said: str) -> Iterator[Event]:
        heard.append(said)
        go_on.wait(20)
        yield TurnEnded(reply="done")

    monkeypatch.setattr(RecordedRunner, "say", say, raising=False)
    tab.talking.begin(here, " train Daro ")
    with pytest.raises(BadInput, match="still at work on what you said"):
        tab.talking.begin(here, "train Daro")
    go_on.set()
    list(tab.turns.follow(here.conversation_id))
    assert heard == [(here.conversation_id, "train Daro", "Ida")]


def test_what_is_stored_is_shown_in_order(tab: Tab, here: Here) -> None:
    assert tab.talking.last_position(here) == 0
    store(tab, MessageRole.USER, "train Daro")
    store(tab, MessageRole.ASSISTANT, "The training is asked for.")
    shown = said(tab, here)
    assert shown.index("train Daro") < shown.index("The training is asked for.")
    assert tab.talking.last_position(here) == 2


def test_what_was_said_is_shown_until_it_is_stored_and_then_once(tab: Tab, here: Here) -> None:
    run(tab, Token(text="Cas"), TurnEnded(reply="Casting."))
    before = list(tab.talking.follow(here, "cast Daro", 0))[-1]
    assert str(before).count("cast Daro") <= 1
    store(tab, MessageRole.USER, "cast Daro")
    store(tab, MessageRole.ASSISTANT, "Casting.")
    after = list(tab.talking.follow(here, "cast Daro", 0))[-1]
    assert str(after).count("cast Daro") == 1
    assert str(after).count("Casting.") == 1


def test_an_error_is_shown_until_the_stored_messages_tell_it(tab: Tab, here: Here) -> None:
    run(tab, TurnFailed(reply="No answer.", error="the model did not answer"))
    assert "the model did not answer" in said(tab, here)
    store(tab, MessageRole.ASSISTANT, "Sorry: the model did not answer.")
    assert said(tab, here).count("the model did not answer") == 1
