"""Shots, takes, verdicts and the production: what sentences of a director's kind mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from langchain_core.messages import AIMessage, HumanMessage

from tests.support.director_says import calls


@pytest.mark.parametrize(
    ("say", "shot"),
    [
        ("Close-up of Lirien smiling in the kitchen by window light",
         {"framing": "close-up", "expression": "smiling", "light": "window light", "place": "kitchen"}),
        ("Lirien running through the forest at night, wide",
         {"framing": "wide shot", "light": "night", "place": "forest", "action": "running"}),
        ("Full body of Lirien leaning against a brick wall, hard side light, on an 85, low angle",
         {"framing": "full-body shot", "lens": "85mm", "angle": "low angle", "place": "brick wall",
          "light": "hard side light", "action": "leaning"}),
        ("shoot Lirien in left profile, looking sad, from below",
         {"view": "left profile view", "expression": "sad", "angle": "from below"}),
        ("Lirien sitting on a bench in the park, golden hour",
         {"action": "sitting on a bench", "place": "park", "light": "golden hour"}),
        ("medium shot, Lirien, ballroom, candlelight",
         {"framing": "medium shot", "place": "ballroom", "light": "candlelight"}),
    ],
)  # fmt: skip
def test_the_slots_of_a_shot(say: str, shot: dict[str, Any]) -> None:
    described = {**shot, "characters": [{"character": "Lirien"}]}
    assert calls("ready", say) == [("shoot", {"shots": [described]})]


def test_two_people_with_looks_and_lights_of_their_own() -> None:
    say = (
        "Two-shot of Lirien in the gala look and Daro in the tavern, "
        "Lirien by candlelight, Daro in moonlight"
    )
    characters = [
        {"character": "Lirien", "look": "gala", "light": "candlelight"},
        {"character": "Daro", "light": "moonlight"},
    ]
    assert calls("ready", say) == [
        ("shoot", {"shots": [{"place": "tavern", "characters": characters}]})
    ]


def test_what_is_said_before_the_colon_is_said_of_every_shot() -> None:
    (shoot,) = calls("ready", "Three shots of Lirien in the kitchen: wide, medium and a close-up")
    lirien = [{"character": "Lirien"}]
    assert shoot[1] == {
        "shots": [
            {"framing": framing, "place": "kitchen", "characters": lirien}
            for framing in ("wide shot", "medium shot", "close-up")
        ]
    }


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
        ("takes", "what's wrong with 2?", [("explain_verdict", {"take": "2"})]),
        ("board", "Two more takes of 12A", [("shoot", {"slates": ["12A"], "takes": 2})]),
        ("board", "shoot 12A to C", [("shoot", {"slates": ["12A", "12B", "12C"]})]),
        ("board", "shoot them all, two takes each", [("shoot", {"slates": ["12B", "12C"], "takes": 2})]),
        ("ready", "what style did we set?", [("status", {})]),
        ("takes", "pick 2 instead", [("pick", {"takes": ["2"]})]),
        ("board", "why does Lirien look sad", []),
        ("board", "Close-up of Daro at the gate",
         [("shoot", {"shots": [{"framing": "close-up", "place": "gate",
                                "characters": [{"character": "Daro"}]}]})]),
        ("board", "close on Daro laughing in the rain",
         [("shoot", {"shots": [{"framing": "close-up", "expression": "laughing", "light": "rain",
                                "characters": [{"character": "Daro"}]}]})]),
        ("board", "send me the finished files of scene 12", [("deliver", {"slates": ["12A"]})]),
        ("pair", "Scene 7. INT. BOAT - NIGHT. Daro rows. Lirien sleeps.",
         [("plan_shots", {"scene": 7, "text": "INT. BOAT - NIGHT. Daro rows. Lirien sleeps."})]),
        ("board", "what did I pick?", [("show_takes", {"which": "picked"})]),
        ("board", "Export the picks of scene 12", [("deliver", {"slates": ["12A"]})]),
        ("empty", "Lock the style: 16mm, grainy, desaturated, 2.39:1",
         [("set_style", {"style": "16mm, grainy, desaturated", "aspect_ratio": "2.39:1"})]),
        ("busy", "stop the training", [("cancel", {"what": "train"})]),
        ("busy", "how is Lirien doing?", [("status", {"character": "Lirien"})]),
        ("board", "how much money have we spent?", [("cost", {})]),
        ("empty", "Can you add Flux schnell?", [("add_base", {"base": "flux-schnell"})]),
        ("pair", "Plan scene 3: INT. KITCHEN - NIGHT. Daro washes a cup. Lirien enters.",
         [("plan_shots", {"scene": 3, "text": "INT. KITCHEN - NIGHT. Daro washes a cup. Lirien enters."})]),
        ("pair", "Lirien opens the door. She looks around. Daro steps out.",
         [("plan_shots", {"text": "Lirien opens the door. She looks around. Daro steps out."})]),
    ],
)  # fmt: skip
def test_calls(studio: str, say: str, expected: list[tuple[str, dict[str, Any]]]) -> None:
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


SENTENCES = Path(__file__).parents[1] / "sentences"


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


def test_a_pasted_scene_is_one_plan_of_all_its_prose() -> None:
    for row in _rows("scenes.yaml"):
        ((tool, args),) = calls("pair", row["text"])
        assert isinstance(args, dict)
        assert (tool, args.get("scene")) == ("plan_shots", row.get("scene"))
        words, prose = args["text"].split(), " ".join(row["text"].split())
        assert prose.endswith(" ".join(words))
        assert len(words) >= len(prose.split()) - 3, (
            "no more than the head of the scene is left out"
        )
