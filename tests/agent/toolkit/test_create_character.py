from __future__ import annotations

import pytest

from agent.context import ChatContext
from agent.toolkit.create_character import CreateCharacter, create_character
from tools.contracts.progress import ignore_progress
from tools.errors import BadInput
from tools.workflows.people.characters import load_character


def say(context: ChatContext, brief: str, name: str | None = None) -> str:
    arguments = CreateCharacter(brief=brief, name=name)
    return create_character(arguments, context, ignore_progress).text


def test_a_brief_becomes_a_character_and_the_answer_quotes_its_block(context: ChatContext) -> None:
    text = say(context, "Lirien, a young woman with long red hair, green eyes and a zither", None)
    assert text.startswith("Lirien is in the cast: young woman.")
    assert "Identity block: “long red hair, green eyes" in text
    assert "zither" in text, "what no slot took is said"
    assert load_character(context.services, "studio", "Lirien").brief.hair == "long red hair"


def test_what_the_base_does_not_know_is_said(context: ChatContext) -> None:
    text = say(context, "A man with hazel eyes and a monocle", "Bo")
    assert "“hazel eyes” is not known to the base; “brown eyes” goes in its place." in text
    assert "The base cannot draw “monocle”; the brief keeps it." in text


def test_words_that_the_base_cannot_draw_are_said_once_and_the_name_is_not_one(
    context: ChatContext,
) -> None:
    text = say(
        context, "a tired harbour pilot, a woman, short grey hair. Her name is Marta.", "Marta"
    )
    assert "The base cannot draw “tired” and “harbour pilot”; the brief keeps it." in text
    assert "No slot took" not in text


def test_a_working_name_is_called_one(context: ChatContext) -> None:
    text = say(context, "a retired boxer of sixty, bald, broken nose")
    assert "Nobody was named, so " in text


def test_the_same_brief_again_says_that_it_is_there(context: ChatContext) -> None:
    brief = "Daro, a young man with black hair"
    say(context, brief)
    assert say(context, brief).startswith("Daro is in the cast already, with this very brief.")
    with pytest.raises(BadInput, match="a character named 'Daro' exists; choose another name"):
        say(context, "Daro, an old man with white hair")
