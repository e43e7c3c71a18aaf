"""One reading of a picture: every phrase means the same in the chat, in a scene and in a note."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.one_scene import plan_scene
from tools.contracts.model import Contract
from tools.contracts.photography import Expression, Framing, View
from tools.contracts.planning import PlannedShot
from tools.contracts.shots import CharacterInShot, ShotRequest
from tools.language.lexicon import character_lexicon
from tools.language.note import revise
from tools.language.picture.camera import angles_in
from tools.language.picture.picture import Picture, read_picture
from tools.language.picture.setting import setting_words
from tools.language.prompt.vocabulary import load_vocabulary
from tools.language.text import read_text, words_of

TABLE = Path(__file__).parent / "phrases.yaml"


class Row(Contract):
    """A phrase with what it means."""

    say: str
    framing: Framing | None = None
    view: View | None = None
    expression: Expression | None = None
    angle: str | None = None
    lens: str | None = None
    light: str | None = None
    place: str | None = None
    action: str | None = None
    people: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    not_in: tuple[Literal["note", "scene"], ...] = ()

    def slots(self) -> dict[str, object]:
        """Return what it asks to be seen, the height by its meaning."""
        return seen(self)


@dataclass(frozen=True)
class Member:
    name: str
    looks: tuple[str, ...] = ()


CAST = (Member("Mara", ("default", "without the scarf")), Member("Jonah"), Member("Élodie"))
ROWS = [Row.model_validate(row) for row in yaml.safe_load(TABLE.read_text(encoding="utf-8"))]
SLOTS = ("framing", "view", "expression", "angle", "lens", "light", "place")


MAQUETTE = load_vocabulary("maquette")


def height_of(angle: str) -> str:
    """Return the camera's height that words mean: `from just below` is `low angle`."""
    found = angles_in(angle.lower())
    return found[0].meaning if found else angle


def seen(picture: Row | Picture | PlannedShot | ShotRequest) -> dict[str, object]:
    found = {slot: getattr(picture, slot) for slot in SLOTS}
    return found | {"angle": height_of(picture.angle) if picture.angle else None}


def read(say: str) -> Picture:
    return read_picture(read_text(say, [member.name for member in CAST]), CAST)


def test_the_table_holds_at_least_120_phrases() -> None:
    assert len({row.say for row in ROWS}) >= 120


@pytest.mark.parametrize("row", ROWS, ids=[row.say for row in ROWS])
def test_a_picture_read_by_itself(row: Row) -> None:
    picture = read(row.say)
    said = {slot: getattr(picture, slot) for slot in (*SLOTS, "action", "left")}
    assert said == {slot: getattr(row, slot) for slot in (*SLOTS, "action", "left")}
    assert tuple(person.name for person in picture.people) == row.people
    assert picture.strangers == ()


IN_SCENES = [row for row in ROWS if "scene" not in row.not_in]
IN_NOTES = [row for row in ROWS if "note" not in row.not_in]


@pytest.mark.parametrize("row", IN_SCENES, ids=[row.say for row in IN_SCENES])
def test_a_picture_that_a_scene_lists(row: Row) -> None:
    """A scene's shot has a size; one that names none is listed as a close-up here."""
    say = row.say if row.framing else f"Close-up, {row.say}"
    (shot,) = plan_scene(say, [member.name for member in CAST]).shots
    framing = {"framing": row.framing or Framing.CLOSE_UP}
    assert seen(shot) == row.slots() | framing


@pytest.mark.parametrize("row", IN_NOTES, ids=[row.say for row in IN_NOTES])
def test_a_picture_that_a_note_asks_for(row: Row) -> None:
    before = Framing.WIDE if row.framing is not Framing.WIDE else Framing.MEDIUM
    shot = ShotRequest(slate="12A", framing=before, cast=(CharacterInShot(character="Mara"),))
    revision = revise(shot, row.say, MAQUETTE)
    assert revision.identity is None
    assert seen(revision.shot) == row.slots() | {"framing": row.framing or before}


@pytest.mark.parametrize(
    ("said", "height"),
    [
        ("from just below", "low angle"),
        ("seen from above", "high angle"),
        ("at eye-level", "eye level"),
    ],
)
def test_what_a_height_means(said: str, height: str) -> None:
    assert height_of(said) == height


@pytest.mark.parametrize("row", ROWS, ids=[row.say for row in ROWS])
def test_no_word_is_lost_in_silence(row: Row) -> None:
    """Every word that means something is in a slot's span, in the action, or is said as left."""
    picture = read(row.say)
    kept = " ".join([picture.action or "", *picture.left]).lower()
    setting = setting_words()
    idle = character_lexicon().stop | setting.action_leads | setting.action_tails
    lost = [
        word.text
        for word in words_of(row.say)
        if not (word.is_mark or word.lower in idle or word.lower in kept)
        and not any(start <= word.start < end for start, end in picture.covered)
    ]
    assert lost == []


def test_looks_and_own_lights_are_taken_apart() -> None:
    apart = read("Mara by candlelight, Jonah in moonlight, medium")
    assert [(each.name, each.light) for each in apart.people] == [
        ("Mara", "candlelight"),
        ("Jonah", "moonlight"),
    ]
    assert apart.light is None
    worn = read("Mara without the scarf, wide")
    assert [(each.name, each.look) for each in worn.people] == [("Mara", "without the scarf")]


def test_who_is_meant_is_given_by_the_caller() -> None:
    picture = read_picture(read_text("close on her"), CAST, people=["Mara"])
    assert [each.name for each in picture.people] == ["Mara"]


@pytest.mark.parametrize(
    ("say", "strangers"),
    [
        ("Mara and Petra in the kitchen", ("Petra",)),
        ("Ásta waits in the rain", ("Ásta",)),
        ("close-up of Mara holding a Leica", ()),
        ("MARA ON THE PIER, ANGRY", ()),
        ("Mara in Paris", ()),
    ],
)
def test_who_is_named_and_nobody_of_the_cast(say: str, strangers: tuple[str, ...]) -> None:
    assert read(say).strangers == strangers


@pytest.mark.parametrize("say", ["close-up of Marta", "wide of Maria on the pier"])
def test_another_name_is_nobody_of_the_cast(say: str) -> None:
    picture = read(say)
    assert picture.people == ()
    assert len(picture.strangers) == 1


def test_covered_spans_are_places_in_the_text_as_it_was_typed() -> None:
    say = "closup of Mara, smoking, canddlelight"
    picture = read(say)
    assert [say[start:end] for start, end in picture.covered] == ["closup", "Mara", "canddlelight"]
    assert picture.left == ()
    assert picture.action == "smoking"


@pytest.mark.parametrize(
    "say",
    [
        "against \u2028 on macro low over on signs kitchen smile ECU light",
        "at - , smile, to wide from by an",
    ],
)
def test_words_without_sense_are_read_and_refused_by_nobody(say: str) -> None:
    read(say)
    shot = ShotRequest(slate="12A", framing=Framing.WIDE, cast=(CharacterInShot(character="Mara"),))
    assert revise(shot, say, MAQUETTE).shot.slate == "12A"


@settings(max_examples=200)
@given(st.lists(st.sampled_from([word for row in ROWS for word in row.say.split()]), max_size=20))
def test_any_words_are_read_by_every_door(words: list[str]) -> None:
    say = " ".join(words)
    assert all(words for words in read(say).left)
    shot = ShotRequest(slate="12A", framing=Framing.WIDE, cast=(CharacterInShot(character="Mara"),))
    assert revise(shot, say, MAQUETTE).shot.cast[0].character == "Mara"
