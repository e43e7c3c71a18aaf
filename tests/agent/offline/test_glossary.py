"""Questions about a word of the studio are answered from the glossary, without a call."""

from __future__ import annotations

import pytest

from agent.offline.glossary import glossary, meaning_asked
from tests.support.director_says import answer, calls


@pytest.mark.parametrize(
    ("say", "term"),
    [
        ("What does CSFD mean?", "csfd"),
        ("what is the gate?", "gate"),
        ("remind me, what's the gate again?", "gate"),
        ("what's a look?", "look"),
        ("what is the anchor", "anchor"),
        ('explain "SAME anchor"', "anchor"),
        ("What is a LoRA?", "lora"),
        ("what's a base", "base"),
        ("What exactly is a slate?", "slate"),
        ("what do you mean by verdict?", "verdict"),
        ("I don't know what a layer is", "layer"),
        ("what's an identity block?", "identity block"),
    ],
)
def test_a_word_is_explained_and_nothing_is_called(say: str, term: str) -> None:
    reply = answer("ready", say)
    assert reply.tool_calls == []
    assert str(reply.text) == glossary().terms[term].says


def test_a_question_beside_a_command_is_answered_too() -> None:
    reply = answer("pair", "What's a look? Cast Lirien.")
    assert [call["name"] for call in reply.tool_calls] == ["cast"]
    assert str(reply.text) == glossary().terms["look"].says


@pytest.mark.parametrize(
    "say",
    [
        "which base models do I have?",
        "what bases are there",
        "what's the style?",
        "which bases can I draw with",
    ],
)
def test_a_question_about_the_studio_itself_is_none_about_a_word(say: str) -> None:
    assert calls("ready", say) == [("status", {})]


def test_every_term_is_found_by_its_own_name_and_is_short() -> None:
    assert 10 <= len(glossary().terms) <= 15
    for name, term in glossary().terms.items():
        assert meaning_asked(f"what does {name} mean?") == term.says
        assert term.says.endswith(".")
        assert meaning_asked(f"what is {name} doing in the kitchen") is None
