"""An answer, or a correction, gives the one argument that it is about."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from tests.support.director_says import answer, calls


def _asked(studio: str, say: str) -> list[BaseMessage]:
    reply = answer(studio, say)
    assert reply.tool_calls == []
    assert str(reply.text).endswith("?")
    return [HumanMessage(say), reply]


@pytest.mark.parametrize(
    ("studio", "say", "then", "tool", "args"),
    [
        ("pair", "Train", "Lirien", "train", {"character": "Lirien"}),
        ("pair", "train with 800 steps", "the second", "train", {"character": "Daro", "steps": 800}),
        ("pair", "show me faces", "him, and do 8", "cast", {"character": "Daro", "candidates": 8}),
        ("takes", "her hair is wrong", "in the second", "reject",
         {"note": "her hair is wrong", "takes": ["2"]}),
        ("takes", "why?", "the last one", "explain_verdict", {"take": "3"}),
        ("ready", "use another version of Lirien", "2", "choose_version",
         {"character": "Lirien", "version": 2}),
        ("empty", "install a base", "the first", "add_base", {"base": "sdxl"}),
        ("pair", "Use photos of Lirien", "~/pics/lirien", "add_photos",
         {"character": "Lirien", "folder": "~/pics/lirien"}),
        ("empty", "create a character named Juno", "a tall smuggler with a black beard", "create_character",
         {"name": "Juno", "brief": "a tall smuggler with a black beard"}),
        ("pair", "plan scene 4", "Daro waits. Lirien comes in.", "plan_shots",
         {"scene": 4, "text": "Daro waits. Lirien comes in."}),
    ],
)  # fmt: skip
def test_the_next_message_completes_the_call(
    studio: str, say: str, then: str, tool: str, args: dict[str, object]
) -> None:
    assert calls(studio, then, _asked(studio, say)) == [(tool, args)]


@pytest.mark.parametrize(
    ("studio", "first", "then", "expected"),
    [
        ("faces", "let's go with face 2", "no sorry, I meant 3",
         ("choose_face", {"character": "Lirien", "face": 3})),
        ("pair", "train Lirien, 800 steps", "no, not Lirien, Daro",
         ("train", {"character": "Daro", "steps": 800})),
        ("takes", "keep 1", "I meant 2", ("pick", {"takes": ["2"]})),
        ("takes", "reject 1, too dark", "sorry, I meant the last one",
         ("reject", {"takes": ["3"], "note": "too dark"})),
        ("board", "shoot 12B", "wait, I meant 12C", ("shoot", {"slates": ["12C"]})),
        ("ready", "go back to version 1 of Lirien", "no, I meant version 2",
         ("choose_version", {"character": "Lirien", "version": 2})),
    ],
)  # fmt: skip
def test_a_correction_repeats_the_call_with_what_was_meant(
    studio: str, first: str, then: str, expected: tuple[str, dict[str, Any]]
) -> None:
    assert calls(studio, then, [HumanMessage(first), AIMessage("Done.")]) == [expected]
