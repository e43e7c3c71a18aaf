"""What a person is shown before deciding: rendered from the arguments and the store."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage

from agent.approvals import proposal_card
from agent.context import ChatContext
from tests.support.chat import PRODUCTION, SPEAKER, Chat, ChatMaker
from tests.support.scripted_model import calls
from tools.contracts.briefs import CharacterBrief
from tools.errors import BadInput, FixableError, Refused, UnknownName
from tools.workflows.people.create import CreateRequest, create


@pytest.fixture
def talk(chat: ChatMaker) -> Chat:
    made = chat(calls(("train", {"character": "Lirien"})), lambda m: AIMessage(m[-1].text))
    brief = CharacterBrief(name="Lirien", person="woman", hair="long red hair", eyes="green eyes")
    create(made.studio.services, CreateRequest(brief=brief, production=PRODUCTION))
    return made


@pytest.fixture
def context(talk: Chat) -> ChatContext:
    return talk.runner.context(talk.id, SPEAKER)


def test_a_change_of_identity_shows_the_block_before_and_after(context: ChatContext) -> None:
    change = {"character": "Lirien", "change": "short black hair"}

    card = proposal_card("change_character", change, context)

    assert "long red hair" in card
    assert "short black hair" in card


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("cast", {"character": "Lirien", "candidates": 6}, "Draw 6 candidate faces of Lirien."),
        ("build_references", {"character": "Lirien"}, "reference set of 20 images of Lirien"),
        ("review_references", {"character": "Lirien", "next_layer": True}, "next layer of Lirien"),
        ("reject", {"takes": ["2", "12A T3"], "again": True}, "Refuse 2, 12A T3 and draw again."),
        ("add_base", {"base": "sdxl"}, "Install the base sdxl"),
    ],
)
def test_each_card_says_what_would_be_done(
    context: ChatContext, tool: str, arguments: dict[str, Any], words: str
) -> None:
    assert words in proposal_card(tool, arguments, context)


@pytest.mark.parametrize(
    ("tool", "arguments", "error"),
    [
        ("train", {"character": "Zoe"}, UnknownName),
        ("train", {"character": "Lirien"}, Refused),
        ("shoot", {"slates": ["12A"]}, FixableError),
        ("train", {}, BadInput),
    ],
)
def test_what_cannot_be_done_is_no_card(
    context: ChatContext, tool: str, arguments: dict[str, Any], error: type[FixableError]
) -> None:
    with pytest.raises(error):
        proposal_card(tool, arguments, context)


def test_nobody_is_asked_about_a_training_that_cannot_begin(talk: Chat) -> None:
    end = talk.ask("Train Lirien")

    assert end.proposals == ()
    assert "Lirien has no references yet" in end.reply
    assert talk.calls.made == []
