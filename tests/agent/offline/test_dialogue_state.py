"""Whom some words mean in a studio: names, pronouns, whoever is shown, the only one."""

from __future__ import annotations

import pytest

from agent.offline.calls import Call, Reading
from agent.offline.conversation import Heard, Line
from agent.offline.dialogue_state import (
    DialogueState,
    about,
    enter,
    mentioned,
    person_in,
    who_question,
)
from tests.support.director_says import studio
from tools.contracts.digest import CharacterState, ShownKind, StudioDigest

PAIR = DialogueState(studio("pair"))


def meant(say: str, room: DialogueState = PAIR) -> str | None:
    return person_in(room.text(say), room)


@pytest.mark.parametrize(
    ("say", "person"),
    [
        ("train Daro, not Lirien", "Daro"),
        ("cast her", "Lirien"),
        ("cast him", "Daro"),
        ("train", None),
        ("cast Roderick", None),
    ],
)
def test_whom_words_mean(say: str, person: str | None) -> None:
    assert meant(say) == person


def test_the_only_one_is_meant_where_nobody_is_named() -> None:
    alone = DialogueState(studio("alone"))
    assert meant("train", alone) == "Lirien"
    assert mentioned(alone.text("train"), alone) is None
    assert mentioned(alone.text("train her"), alone) == "Lirien"


def test_whoever_is_shown_or_was_asked_for_is_meant() -> None:
    faces = DialogueState(studio("faces"))
    assert meant("the second", faces) == "Lirien"
    after = faces.after(Reading(Call("cast", {"character": "Daro"})))
    assert meant("with six faces", after) == "Daro"
    assert meant("with six faces", after.undone()) == "Lirien"


def test_a_pronoun_is_the_one_spoken_of_last_whom_it_fits() -> None:
    two = StudioDigest(
        production="Harbour",
        characters=tuple(CharacterState(name=name, person="woman") for name in ("Ada", "Bea")),
    )
    assert meant("cast her", DialogueState(two)) is None
    assert meant("cast her", DialogueState(two, spoken_of=("Bea", "Ada"))) == "Bea"
    made = DialogueState(two).after(Reading(Call("create_character"), makes="Juno"))
    assert meant("cast her", made) == "Juno"


def test_who_was_spoken_of_is_read_from_the_lines_newest_first() -> None:
    heard = Heard(
        studio("pair"),
        "cast her",
        (Line(True, "Daro and Lirien"), Line(False, "done", ("Daro",)), Line(True, "thanks")),
    )
    room = enter(heard)
    assert room.spoken_of == ("Daro", "Lirien")
    assert room.last_said == ("thanks", "Daro and Lirien")
    assert room.last_answer == ""
    assert enter(Heard(studio("pair"), "x", (Line(False, "Hello."),))).last_answer == "Hello."


def test_a_call_about_nobody_known_asks_who_it_is() -> None:
    reading = about("train", PAIR.text("train"), PAIR, "Whom shall I train")
    assert (reading.missing, reading.choices) == ("character", ("Lirien", "Daro"))
    assert reading.question == "Whom shall I train: Lirien or Daro?"
    known = about("train", PAIR.text("train Daro"), PAIR, "Whom shall I train")
    assert (known.call.args, known.missing) == ({"character": "Daro"}, "")


def test_the_question_names_a_stranger_and_an_empty_cast() -> None:
    text = PAIR.text("train Roderick")
    assert who_question(text, PAIR, "Whom").startswith("Roderick is not in the cast. Whom: ")
    assert "nobody in the cast yet" in who_question(text, DialogueState(studio("empty")), "Whom")
    alone = DialogueState(studio("alone"))
    assert who_question(alone.text("train"), alone, "Whom") == "Whom: Lirien?"


def test_what_there_is_in_a_studio() -> None:
    board = DialogueState(studio("board"))
    assert [shot.slate for shot in board.shots] == ["12A", "12B", "12C", "13A"]
    assert board.shows(ShownKind.SHOTS)
    assert not board.shows(ShownKind.TAKES)
    assert board.character("Daro") is not None
    assert board.character("Nobody") is None
    assert board.last_tool == ""
    assert board.after(Reading(Call("status"))).last_tool == "status"
