"""What refers to the director's own message before: corrections, and the same again."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from tests.support.director_says import answer, calls


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


@pytest.mark.parametrize(
    ("then", "changed"),
    [
        ("now the same with Daro", {"characters": [{"character": "Daro"}]}),
        ("the same shot but at night", {"light": "night"}),
        ("same thing, close-up", {"framing": "close-up"}),
        ("same again", {}),
    ],
)
def test_the_same_is_the_shot_before_with_what_is_different(
    then: str, changed: dict[str, Any]
) -> None:
    earlier = [HumanMessage("Wide shot of Lirien on a pier at dawn"), AIMessage("Started.")]
    shot: dict[str, Any] = {"framing": "wide shot", "place": "pier", "light": "dawn"}
    shot["characters"] = [{"character": "Lirien"}]
    assert calls("pair", then, earlier) == [("shoot", {"shots": [{**shot, **changed}]})]


def test_without_a_message_before_nothing_is_corrected() -> None:
    reply = answer("pair", "no, I meant something blue")
    assert reply.tool_calls == []


def test_images_by_number_right_after_they_were_spoken_of_are_references() -> None:
    earlier = [
        HumanMessage("build Lirien's references layer by layer"),
        AIMessage("The sheet layer of Lirien is drawn, images 1 to 9."),
    ]
    expected = {"character": "Lirien", "drop": [4, 9], "next_layer": True}
    for studio in ("pair", "references", "faces"):
        assert calls(studio, "throw away images 4 and 9 and continue", earlier) == [
            ("review_references", expected)
        ]


@pytest.mark.parametrize(
    "say", ["put him in a long black coat from now on", "From now on, put him in a long black coat"]
)
def test_from_now_on_is_no_part_of_a_change(say: str) -> None:
    assert calls("pair", say) == [
        ("change_character", {"character": "Daro", "change": "a long black coat"})
    ]


@pytest.mark.parametrize("age", ["in her forties", "in her late thirties", "in her teens"])
def test_a_change_of_age_keeps_the_words_that_say_it(age: str) -> None:
    expected = {"character": "Lirien", "change": age}
    assert calls("ready", f"lirien is {age} now") == [("change_character", expected)]
