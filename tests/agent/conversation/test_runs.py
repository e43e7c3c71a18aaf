"""One run of the graph: how it ends when a part of the studio fails, and what is stored of it."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage

from agent.conversation.runs import ENDLESS
from agent.events import TurnFailed
from tests.support.chat import ChatMaker
from tests.support.scripted_model import calls
from tools.errors import FailedError
from tools.store.conversation import MessageRole


def test_a_model_that_fails_ends_the_turn_and_keeps_what_was_done(chat: ChatMaker) -> None:
    def gone(_: Any) -> AIMessage:
        raise FailedError("the chat model cannot be reached; check the network")

    talk = chat(calls(("status", {})), gone)

    end = talk.ask("How do we stand?")

    assert isinstance(end, TurnFailed)
    assert end.error == "the chat model cannot be reached; check the network"
    assert end.reply == f"status is done.\n\n{end.error}"
    assert talk.rows[-1].text == end.reply
    assert talk.rows[-1].role is MessageRole.ASSISTANT


def test_a_run_of_too_many_steps_is_stopped_in_words(
    chat: ChatMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.conversation.runs.RECURSION_LIMIT", 6)
    talk = chat(calls(("status", {})))

    end = talk.ask("How do we stand?")

    assert isinstance(end, TurnFailed)
    assert end.error == ENDLESS
    assert end.reply.startswith("status is done.")
    assert talk.rows[-1].text == end.reply


def test_a_bug_is_stored_as_one_so_that_the_message_does_not_look_unanswered(
    chat: ChatMaker,
) -> None:
    def broken(_: Any) -> AIMessage:
        raise KeyError("bug")

    talk = chat(broken)

    with pytest.raises(KeyError, match="bug"):
        talk.say("How do we stand?")

    assert talk.rows[-1].text == (
        "A fault in Samecast itself stopped this (KeyError); what was finished is kept."
    )


@pytest.mark.usefixtures("plain_cards")
def test_what_waits_is_said_in_the_reply_and_open_until_it_is_decided(chat: ChatMaker) -> None:
    talk = chat(calls(("train", {"character": "Lirien"}), text="I would."))

    end = talk.ask("Train Lirien")

    assert end.reply.startswith("I would.")
    assert end.reply.endswith("\n\nThis waits for you: train of Lirien?")
    assert talk.runner.pending(talk.id) == end.proposals
