"""Scenes in prose as planned shots: the table of ten scenes, the written rules, and what never happens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.one_scene import plan_scene
from tools.contracts.photography import Expression, Framing, View
from tools.contracts.planning import PlannedScene, PlannedShot, UnknownLook
from tools.contracts.shots import CharacterInShot, ShotRequest
from tools.errors import BadInput
from tools.language.scene.plan_scene import plan_scenes, scene_text
from tools.language.text import plain_text

TABLE = Path(__file__).parents[3] / "agent" / "sentences" / "scenes.yaml"
SCENES: list[dict[str, Any]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))["rows"]
CAST = ("Lirien", "Daro")
PERSONS = {"Lirien": "woman", "Daro": "man"}
WORDS = (
    *("Lirien", "LIRIEN", "Daro", "Lirien's", "She", "he", "they", "the waiter", "BRAM", "Max"),
    *("INT.", "KITCHEN", "- NIGHT", "Scene 12", "CUT TO:", "Cast:", "Place:", "1.", "three shots:"),
    *("a wide", "a close-up of", "close on", "\n", "\n\n", ".", ",", '"', "(", ")", ":", "-", ";"),
    *("smiling", "walks", "looks", "and", "then", "while", "as", "not", "in the forest", "hands"),
    *("lit by candlelight", "at dawn", "his cup", "x" * 320),
)


def folded(text: str) -> str:
    return " ".join(plain_text(text).split()).casefold()


def plan(text: str, looks: dict[str, Sequence[str]] | None = None) -> PlannedScene:
    return plan_scene(text, CAST, looks, PERSONS)  # type: ignore[arg-type]


def phrases(shot: PlannedShot) -> list[str]:
    return [each for each in (shot.place, shot.light, shot.action, *shot.free_words) if each]


@pytest.mark.parametrize("row", SCENES, ids=[row["text"].split("\n")[0][:30] for row in SCENES])
def test_a_scene_of_the_table(row: dict[str, Any]) -> None:
    planned = plan_scene(row["text"], row["known"])
    covered = folded(" | ".join(words for shot in planned.shots for words in shot.covers))
    assert [action for action in row["actions"] if folded(action) not in covered] == []
    assert planned.scene.number == row.get("scene")
    asked = sorted(name.lower() for name in planned.unknown)
    assert asked == sorted(name.lower() for name in row["people_to_ask"])
    for shot in planned.shots:
        _holds(shot.place, row["place"])
        _holds(shot.light, row["light"])
        assert {each.character for each in shot.cast} <= set(row["known"])
        said = shot.model_dump_json(exclude={"covers"}).lower()
        made_up = [w for w in row["absent"] if re.search(rf"\b{re.escape(w.lower())}\b", said)]
        assert made_up == []
        assert all(folded(phrase) in folded(row["text"]) for phrase in phrases(shot))


def _holds(phrase: str | None, words: list[str]) -> None:
    assert (phrase is None) if not words else any(word in str(phrase) for word in words)


def test_the_table_has_ten_scenes_and_says_what_no_shot_covers() -> None:
    assert len(SCENES) == 10
    uncovered = [plan_scene(row["text"], row["known"]).uncovered for row in SCENES]
    assert [words for words in uncovered if words] == [("CUT TO",)]


def test_a_master_then_an_action_a_look_and_a_speech() -> None:
    planned = plan(
        "12. INT. KITCHEN - NIGHT\n\nLirien pours the tea. She looks at the door.\n\n"
        "LIRIEN\n(smiling)\nYou came.\n"
    )
    assert [(shot.framing, shot.action, shot.expression) for shot in planned.shots] == [
        (Framing.WIDE, None, None),
        (Framing.MEDIUM, "pours the tea", None),
        (Framing.CLOSE_UP, "looks at the door", None),
        (Framing.CLOSE_UP, None, Expression.SMILING),
    ]
    assert {(shot.place, shot.light) for shot in planned.shots} == {("kitchen", "night")}
    assert planned.shots[0].covers == ("12. INT. KITCHEN - NIGHT",)
    assert (planned.scene.number, planned.scene.place) == (12, "kitchen")


def test_a_parenthetical_that_is_no_expression_is_the_action() -> None:
    assert plan("LIRIEN\n(whispering)\nStay.\n").shots[0].action == "whispering"
    assert plan("LIRIEN\n(to herself)\nStay.\n").shots[0].action is None


def test_a_list_of_shots_is_honoured_as_given() -> None:
    planned = plan(
        "Lirien waits in the kitchen at dawn. Three shots: a wide, a medium as she turns, "
        "and a close-up of her hands on the cup."
    )
    assert [(shot.framing, shot.action) for shot in planned.shots] == [
        (Framing.WIDE, None),
        (Framing.MEDIUM, "turns"),
        (Framing.CLOSE_UP, "her hands on the cup"),
    ]
    assert planned.shots[0].covers == ("Lirien waits in the kitchen at dawn.", "a wide")
    assert all(shot.cast == (CharacterInShot(character="Lirien"),) for shot in planned.shots)


def test_a_numbered_list_with_camera_words() -> None:
    planned = plan(
        "1. WIDE - the kitchen, Lirien at the table\n2. MEDIUM - Lirien pours the tea, 50mm, "
        "from the left\n3. CLOSE-UP on her eyes, low angle"
    )
    assert [(s.framing, s.view, s.angle, s.lens) for s in planned.shots] == [
        (Framing.WIDE, None, None, None),
        (Framing.MEDIUM, View.THREE_QUARTER_LEFT, None, "50mm"),
        (Framing.CLOSE_UP, None, "low angle", None),
    ]
    assert {shot.place for shot in planned.shots} == {"kitchen"}


def test_a_camera_direction_inside_a_scene_keeps_the_other_shots() -> None:
    planned = plan("INT. BAR - NIGHT\nDaro sits down.\nCLOSE ON: Daro's hands as he shuffles.")
    assert [shot.framing for shot in planned.shots] == [
        Framing.WIDE,
        Framing.MEDIUM,
        Framing.CLOSE_UP,
    ]


def test_looks_that_are_named_are_worn_from_then_on() -> None:
    planned = plan(
        "INT. BAR - NIGHT\nLirien (after the fight) sits down. She drinks.",
        {"Lirien": ["after the fight"]},
    )
    worn = {member.look for shot in planned.shots for member in shot.cast}
    assert worn == {"after the fight"}
    assert planned.scene.cast[0].look == "after the fight"


def test_a_look_that_nobody_has_is_said_and_a_description_is_none() -> None:
    planned = plan("LIRIEN (30s, weary) sits. Daro in the winter look stands up.")
    assert planned.unknown_looks == (UnknownLook(character="Daro", look="winter"),)
    assert {member.look for shot in planned.shots for member in shot.cast} == {"default"}


def test_who_is_meant_by_she_and_he() -> None:
    planned = plan("Lirien sees Daro. He runs. She follows.")
    assert [shot.cast[0].character for shot in planned.shots] == ["Lirien", "Daro", "Lirien"]


def test_two_people_who_act_together_are_in_one_frame_and_looks_are_apart() -> None:
    planned = plan("Lirien and Daro run along the pier. They laugh.")
    names = [[member.character for member in shot.cast] for shot in planned.shots]
    assert names == [["Lirien"], ["Lirien", "Daro"], ["Lirien"], ["Daro"]]


def test_somebody_only_spoken_of_is_not_in_frame() -> None:
    planned = plan("Lirien waits for Daro. She reads Daro's letter.")
    names = {member.character for shot in planned.shots for member in shot.cast}
    assert names == {"Lirien"}


def test_people_who_are_not_in_the_cast_are_asked_about_and_in_no_prompt() -> None:
    planned = plan("A waiter brings the bill and Lirien pays the waiter. MAX comes in. Daro nods.")
    assert planned.unknown == ("waiter", "Max")
    said = " ".join(phrase for shot in planned.shots for phrase in phrases(shot)).lower()
    assert "waiter" not in said
    assert "max" not in said
    covered = " ".join(words for shot in planned.shots for words in shot.covers)
    assert "A waiter brings the bill" in covered
    assert "MAX comes in." in covered


def test_nobody_of_the_cast_gives_no_shots_and_says_all_words() -> None:
    planned = plan("Mara kisses Tom.")
    assert planned.shots == ()
    assert planned.unknown == ("Mara", "Tom")
    assert planned.uncovered == ("Mara kisses Tom",)


def test_what_is_denied_is_covered_and_not_asked_for() -> None:
    planned = plan("Lirien kneels. She does not pray.")
    assert [shot.action for shot in planned.shots] == ["kneels"]
    assert planned.shots[0].covers == ("Lirien kneels.", "She does not pray.")


def test_speech_in_a_sentence_is_a_close_up_of_who_speaks() -> None:
    planned = plan('Lirien slams the cup down. "Enough," she says, and walks out.')
    assert [(shot.framing, shot.action) for shot in planned.shots] == [
        (Framing.MEDIUM, "slams the cup down"),
        (Framing.CLOSE_UP, None),
        (Framing.MEDIUM, "walks out"),
    ]


def test_a_second_heading_is_a_second_master() -> None:
    text = "EXT. BEACH - DAY\nLirien runs.\n\nINT. CAR - NIGHT\nDaro drives."
    shots = [shot for scene in plan_scenes(text, CAST) for shot in scene.shots]
    masters = [(s.place, s.light) for s in shots if s.framing is Framing.WIDE]
    assert masters == [("beach", "day"), ("car", "night")]


def test_the_same_speaker_with_the_same_face_is_one_setup() -> None:
    planned = plan("LIRIEN\nWhere?\n\nDARO\nThere.\n\nLIRIEN\nNow.\n")
    assert [shot.covers for shot in planned.shots] == [
        ("LIRIEN\nWhere?", "LIRIEN\nNow."),
        ("DARO\nThere.",),
    ]


def test_a_planned_shot_is_stored_under_a_slate() -> None:
    shot = plan("Lirien pours the tea.").shots[0]
    assert shot.request("12A") == ShotRequest(
        slate="12A",
        framing=Framing.MEDIUM,
        action="pours the tea",
        cast=(CharacterInShot(character="Lirien"),),
    )


@pytest.mark.parametrize("text", ["", " \n ", "...", "x" * 4001])
def test_an_empty_or_endless_scene_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="1 to 4000 characters; say place, light"):
        plan(text)


@settings(max_examples=150)
@given(
    st.one_of(
        st.text(min_size=1, max_size=400),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=60).map(" ".join),
    )
)
def test_any_text_is_planned_from_its_own_words_or_refused(text: str) -> None:
    try:
        planned = plan_scene(text, CAST, {"Lirien": ["winter"]})
    except BadInput:
        return
    own = folded(scene_text(text).text)
    for shot in planned.shots:
        assert {member.character for member in shot.cast} <= set(CAST)
        assert [phrase for phrase in phrases(shot) if folded(phrase) not in own] == []
        assert [words for words in shot.covers if folded(words) not in own] == []
    assert [words for words in planned.uncovered if folded(words) not in own] == []
