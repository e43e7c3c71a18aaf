"""The stored side of a conversation."""

from __future__ import annotations

import pytest
from langchain_core.messages import AIMessage

from agent.answer import Answer
from agent.approvals import Ruling, approve, refuse
from agent.conversation.dialogue import (
    checked_words,
    find_place,
    new_conversation,
    open_conversation,
    policy_of,
    store_decision,
    store_reply,
    store_words,
    stored_ruling,
    unanswered,
    was_decided,
)
from agent.events import Proposal
from agent.policy import MAX_LETTERS
from tests.support.chat import ChatMaker
from tools.contracts.digest import CharacterState, StudioDigest
from tools.errors import BadInput, UnknownName


def test_a_message_with_half_a_letter_is_refused(chat: ChatMaker) -> None:
    with pytest.raises(BadInput, match="half a letter"):
        chat(AIMessage("Good.")).say("a \ud83d b")


def test_a_message_is_stored_without_what_surrounds_it_and_bounded() -> None:
    assert checked_words("  Shoot 12A\n") == "Shoot 12A"
    with pytest.raises(BadInput, match="an empty message"):
        checked_words(" \n ")
    with pytest.raises(BadInput, match="a message of 20001 letters; at most 20000 fit into one"):
        checked_words("x" * (MAX_LETTERS + 1))


def test_the_newest_conversation_of_a_production_is_opened_and_no_other_s(chat: ChatMaker) -> None:
    services = chat().studio.services
    second = new_conversation(services, "Northern Light", "night scenes")
    elsewhere = new_conversation(services, "Salt")

    assert open_conversation(services, "Northern Light", None).id == second.id
    assert open_conversation(services, "Salt", None).id == elsewhere.id
    with pytest.raises(UnknownName, match=f"no conversation {elsewhere.id} in 'Northern Light'"):
        open_conversation(services, "Northern Light", elsewhere.id)
    assert find_place(services.database, elsewhere.id).production == "Salt"


def test_a_message_is_unanswered_until_the_assistant_has_answered(chat: ChatMaker) -> None:
    talk = chat()
    database = talk.studio.services.database
    assert unanswered(database, talk.id) is None

    store_words(database, talk.id, "Ida", "Shoot 12A")
    waiting = unanswered(database, talk.id)
    assert waiting is not None
    assert waiting.text == "Shoot 12A"
    store_reply(database, talk.id, Answer(text="Drawing was started."))
    assert unanswered(database, talk.id) is None


PROPOSAL = Proposal(
    interrupt_id="i", call_id="c", tool="train", arguments={"character": "Lirien"}, card="Train?"
)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (approve(), approve()),
        (approve({"character": "Lirien"}), approve()),
        (
            approve({"character": "Lirien", "steps": 9}),
            approve({"character": "Lirien", "steps": 9}),
        ),
        (refuse("too early"), refuse()),
    ],
)
def test_the_first_answer_to_a_proposal_is_kept_and_read_back(
    chat: ChatMaker, given: Ruling, kept: Ruling
) -> None:
    talk = chat()
    database = talk.studio.services.database
    assert stored_ruling(database, PROPOSAL) is None
    assert not was_decided(database, "i")

    assert store_decision(database, talk.id, PROPOSAL, given, "Ida")
    assert not store_decision(database, talk.id, PROPOSAL, refuse(), "Daro")

    assert stored_ruling(database, PROPOSAL) == kept
    assert was_decided(database, "i")


def test_the_policy_of_a_turn_holds_the_production_s_rule_every_look_and_the_words() -> None:
    cast = (CharacterState(name="Lirien", looks=("default", "after the fight")),)
    digest = StudioDigest(production="x", characters=cast, ask_before_drawing=True)

    policy = policy_of(digest, "Shoot 12A")

    assert policy.ask_before_drawing
    assert policy.words == "Shoot 12A"
    assert policy.knows("Lirien", "After the fight")
    assert not policy.knows("Lirien", "in the rain")
