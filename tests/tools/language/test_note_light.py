"""The light of a note: named, compared with the one so far, or on a person only."""

from __future__ import annotations

import pytest

from tools.contracts.briefs import CharacterBrief
from tools.contracts.photography import Framing
from tools.contracts.shots import CharacterInShot, ShotRequest
from tools.language.note_light import LightAsked, kept_light, light_asked, lit
from tools.language.note_words import Note, note_rules
from tools.language.prompt.vocabulary import load_vocabulary

MAQUETTE = load_vocabulary("maquette")


def asked(text: str, so_far: str | None = None, person: str | None = None) -> LightAsked | None:
    return light_asked(Note.of(text, ["Mara"]), so_far, person)


@pytest.mark.parametrize(
    ("text", "light", "on_person"),
    [
        ("make it moonlight", "moonlight", False),
        ("candlelight on her face", "candlelight", True),
        ("lit by a fire", "fire", False),
        ("moonlight and candlelight", "moonlight, candlelight", False),
        ("too dark, daylight please", "daylight", False),
    ],
)
def test_a_light_that_is_named(text: str, light: str, on_person: bool) -> None:
    found = asked(text)
    assert found is not None
    assert (found.light, found.on_person) == (light, on_person)


@pytest.mark.parametrize("text", ["no moonlight", "not candlelight", "a light coat", "closer"])
def test_what_asks_for_no_light(text: str) -> None:
    assert asked(text) is None


def test_the_words_of_a_light_are_taken_with_what_is_compared_beside_it() -> None:
    note = Note.of("too dark, candlelight on Mara, closer", ["Mara"])
    assert light_asked(note, None, None) is not None
    assert "dark" not in note.small
    assert "candlelight" not in note.small
    assert "closer" in note.small


@pytest.mark.parametrize("row", sorted(note_rules().compared))
def test_a_compared_light_is_never_the_one_so_far(row: str) -> None:
    rules = note_rules().compared[row]
    words = rules.words[0].replace("(", "").replace(")", "").split("|")[0]
    first = asked(words, "overcast daylight")
    assert first is not None
    assert first.light in rules.day
    again = asked(words, first.light)
    assert again is not None
    assert again.light != first.light or set(rules.day) == {first.light}


def test_what_is_compared_on_a_person_is_that_persons_light() -> None:
    found = asked("her face is too dark", "daylight", "candlelight")
    assert found is not None
    assert found.on_person


def test_only_one_of_the_cast_gets_the_light() -> None:
    cast = (CharacterInShot(character="Mara"), CharacterInShot(character="Jonah", light="dusk"))
    after = lit(cast, "moonlight", "Mara")
    assert [(each.character, each.light) for each in after] == [
        ("Mara", "moonlight"),
        ("Jonah", "dusk"),
    ]


def test_the_anchor_keeps_the_light_that_a_new_scene_light_would_change() -> None:
    mara = CharacterBrief(name="Mara", person="woman")
    before = ShotRequest(
        slate="1A",
        framing=Framing.WIDE,
        light="moonlight",
        cast=(CharacterInShot(character="Mara"),),
    )
    after = before.model_copy(update={"light": "candlelight"})
    assert kept_light(before, after, MAQUETTE, mara) == "moonlight"
    assert kept_light(before, before, MAQUETTE, mara) is None
    assert kept_light(before, after, MAQUETTE, None) is None
    signed = mara.model_copy(update={"signature_light": "candlelight"})
    assert kept_light(before, after, MAQUETTE, signed) is None
    stranger = mara.model_copy(update={"name": "Jonah"})
    assert kept_light(before, after, MAQUETTE, stranger) is None
