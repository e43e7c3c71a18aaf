"""Actions, things and other identities that a note asks for in whole phrases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.contracts.briefs import CharacterBrief
from tools.language.note_asks import (
    action_asked,
    identity_phrase,
    participle,
    take_denied_actions,
    things_asked,
    wears,
)
from tools.language.note_words import Note

MARA = CharacterBrief(name="Mara", person="woman", hair="red hair", eyes="green eyes")


def note(text: str) -> Note:
    return Note.of(text, ["Mara"])


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("have her hold the cup", "holding the cup"),
        ("Mara should sit down", "sitting down"),
        ("she is running", "running"),
        ("maybe looking out of the window", "looking out of the window"),
        ("let him run through the forest", "running"),
        ("do not have her dance", None),
        ("she is running wrong", None),
        ("warmer", None),
    ],
)
def test_the_action_that_is_asked_for(text: str, action: str | None) -> None:
    assert action_asked(note(text)) == action


def test_the_words_of_an_action_are_taken() -> None:
    read = note("have her hold the cup, warmer")
    assert action_asked(read) == "holding the cup"
    assert "cup" not in read.small
    assert "warmer" in read.small


def test_what_is_not_to_be_done_is_taken_too() -> None:
    read = note("standing, not walking")
    take_denied_actions(read)
    assert "walking" not in read.small
    assert "standing" in read.small


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        ("run", "running"),
        ("sit", "sitting"),
        ("lie", "lying"),
        ("smoke", "smoking"),
        ("see", "seeing"),
        ("be", "being"),
        ("walk", "walking"),
        ("read", "reading"),
        ("dye", "dyeing"),
        ("walking", "walking"),
        ("sing", "singing"),
    ],
)
def test_participles(verb: str, form: str) -> None:
    assert participle(verb) == form


@given(st.from_regex(r"[a-z]{2,9}", fullmatch=True))
def test_a_participle_ends_so_and_stays_one(verb: str) -> None:
    form = participle(verb)
    assert form.endswith("ing")
    assert len(form) < 5 or participle(form) == form


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("add a lantern", (), ("lantern",)),
        ("add a lantern", ("lantern",), ("lantern",)),
        ("no smoke", ("smoke", "rain"), ("rain",)),
        ("remove the smoke", ("thick smoke",), ()),
        ("add a thing that she can hold and look at for a while", (), ()),
    ],
)
def test_things(text: str, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    assert things_asked(note(text), before) == after


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("warmer, her hair is too long", "her hair is too long"),
        ("ten years younger", "ten years younger"),
        ("that is not her", "that is not her"),
        ("blue eyes", "blue eyes"),
        ("eyes closed", None),
        ("closer", None),
    ],
)
def test_what_asks_for_another_identity(text: str, phrase: str | None) -> None:
    assert identity_phrase(note(text), MARA) == phrase


def test_clothes_are_put_on() -> None:
    assert wears("wearing a hat")
    assert not wears("holding a hat")
