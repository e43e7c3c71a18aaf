"""The director's word on takes, and words that went into no call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from langchain_core.messages import AIMessage, HumanMessage

from tests.support.director_says import answer, calls


@pytest.mark.parametrize(
    ("say", "left"),
    [
        ("shoot 12B from a low angle", "low angle"),
        ("two more takes of 12A, closer", "closer"),
        ("cast Lirien with longer hair", "longer hair"),
        ("deliver scene 12 as tiff", "tiff"),
    ],
)
def test_words_that_went_into_no_call_are_said(say: str, left: str) -> None:
    reply = answer("board", say)
    assert len(reply.tool_calls) == 1
    assert str(reply.text) == f'I did not understand "{left}", so I left that out.'


@pytest.mark.parametrize(
    "say", ["shoot 12B", "reshoot all of scene 12, please", "two takes of 12C"]
)
def test_nothing_is_said_where_all_words_were_used(say: str) -> None:
    assert str(answer("board", say).text) == ""


@pytest.mark.parametrize(
    ("studio", "say", "expected"),
    [
        ("takes", "Keep 1 and 3, the hair is wrong in 2, again",
         [("pick", {"takes": ["1", "3"]}),
          ("reject", {"takes": ["2"], "note": "the hair is wrong", "again": True})]),
        ("takes", "1 no, 2 yes, 3 no",
         [("reject", {"takes": ["1"]}), ("pick", {"takes": ["2"]}), ("reject", {"takes": ["3"]})]),
        ("takes", "print 3 and drop the others",
         [("pick", {"takes": ["3"]}), ("reject", {"takes": ["1", "2"]})]),
        ("takes", "1 is good. 2 isn't. Redo 2 with moonlight.",
         [("pick", {"takes": ["1"]}), ("reject", {"takes": ["2"], "note": "moonlight", "again": True})]),
        ("takes", "second one, but warmer", [("reject", {"takes": ["2"], "note": "warmer"})]),
        ("takes", "everything but 2", [("pick", {"takes": ["1", "3"]})]),
        ("takes", "I prefer 2 over 3", [("pick", {"takes": ["2"]})]),
        ("takes", "take 2 of 12A is perfect", [("pick", {"takes": ["12A T2"]})]),
        ("takes", "Keep 1 because of the light",
         [("pick", {"takes": ["1"], "note": "because of the light"})]),
        ("takes", "none of these, again, warmer light",
         [("reject", {"takes": ["1", "2", "3"], "note": "warmer light", "again": True})]),
        ("takes", "reject 1: she should smile. Try again.",
         [("reject", {"takes": ["1"], "note": "she should smile", "again": True})]),
        ("one_take", "her eyes are too dark",
         [("reject", {"takes": ["1"], "note": "her eyes are too dark"})]),
        ("takes", "pick 2 instead", [("pick", {"takes": ["2"]})]),
    ],
)  # fmt: skip
def test_the_directors_word(
    studio: str, say: str, expected: list[tuple[str, dict[str, Any]]]
) -> None:
    assert calls(studio, say) == expected


def test_a_remedy_is_chosen_for_the_note_that_was_said_before() -> None:
    earlier = [
        HumanMessage("the hair is wrong in 2, again"),
        AIMessage(
            "Hair belongs to the identity. Draw again with the anchor as it is, or change the block?"
        ),
    ]
    assert calls("takes", "with the anchor as it is", earlier) == [
        (
            "reject",
            {"takes": ["2"], "note": "the hair is wrong", "again": True, "keep_anchor": True},
        )
    ]


SENTENCES = Path(__file__).parents[2] / "sentences"


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load((SENTENCES / name).read_text(encoding="utf-8"))[
        "rows"
    ]
    return rows


@pytest.mark.parametrize(
    "form", ["Reject 2, {}", "2 again, {}", "Reject 2: {}", "not 2, {}, again"]
)
def test_a_note_reaches_its_tool_in_the_words_that_were_said(form: str) -> None:
    """All notes that the note reader is held to, in four forms; a closing `please` is politeness."""
    for row in _rows("reject_notes.yaml"):
        ((tool, args),) = calls("takes", form.format(row["note"]))
        assert isinstance(args, dict)
        assert (tool, args["takes"]) == ("reject", ["2"])
        assert args["note"] == row["note"].rstrip(".!?").removesuffix(", please")
