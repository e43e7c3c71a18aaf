"""What happens in a sentence, one after the other, and who speaks in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.language.scene.beats import Beat, beats_of, before_stranger, predicate_of, quoted_speech
from tools.language.scene.followed import Followed

WORDS = [
    "Mara",
    "Jonah",
    "runs",
    "looks",
    "and",
    "then",
    ",",
    "she",
    "a waiter",
    "not",
    "when",
    "the",
]


def beats(sentence: str) -> list[Beat]:
    return beats_of(sentence, Followed(["Mara", "Jonah"], {}, {}))


@pytest.mark.parametrize(
    ("sentence", "texts", "actors"),
    [
        ("Mara runs and Jonah waits.", ["Mara runs", "Jonah waits."], [("Mara",), ("Jonah",)]),
        ("Mara pours the tea and drinks.", ["Mara pours the tea and drinks."], [("Mara",)]),
        ("Mara and Jonah walk.", ["Mara and Jonah walk."], [("Mara", "Jonah")]),
        ("Mara pours the tea and looks at the door.",
         ["Mara pours the tea", "looks at the door."], [("Mara",), ("Mara",)]),
    ],
)  # fmt: skip
def test_where_beats_part(sentence: str, texts: list[str], actors: list[tuple[str, ...]]) -> None:
    found = beats(sentence)
    assert [beat.text for beat in found] == texts
    assert [beat.actors for beat in found] == actors


@pytest.mark.parametrize(
    ("sentence", "reaction"),
    [
        ("Mara looks at the door.", True),
        ("Mara slowly looks up.", True),
        ("Her hands tremble.", True),
        ("Mara is sad.", True),
        ("Mara pours the tea.", False),
        ("Her boat leaves.", False),
    ],
)
def test_what_is_a_reaction(sentence: str, reaction: bool) -> None:
    assert beats(sentence)[0].reaction is reaction


def test_what_does_not_happen_is_denied_outside_of_speech() -> None:
    assert beats("Mara does not move.")[0].denied
    assert beats("Mara won't move.")[0].denied
    assert not beats('Mara moves "not yet".')[0].denied


def test_a_stranger_who_acts_is_no_actor() -> None:
    (beat,) = beats("A waiter brings the bill.")
    assert (beat.stranger, beat.actors, beat.cut_at) == (True, (), 0)


@pytest.mark.parametrize(
    ("sentence", "speech", "outside"),
    [
        ('"Enough," she says, and leaves.', '"Enough,"', "she says, and leaves"),
        ('Mara: "Go."', '"Go."', "Mara:"),
        ('A sign reads "OPEN".', None, None),
        ("Nobody speaks.", None, None),
        ('She says "never ends', '"never ends', "She says"),
    ],
)
def test_speech_is_what_somebody_says(
    sentence: str, speech: str | None, outside: str | None
) -> None:
    found = quoted_speech(sentence)
    assert (found and found.speech) == speech
    assert (found and found.outside) == outside


@pytest.mark.parametrize(
    ("clause", "predicate"),
    [
        ("Mara runs", "runs"),
        ("Slowly, Mara and Jonah run", "run"),
        ("Mara (30s), in the winter look, runs", "runs"),
        ("then she just runs", "runs"),
        ("Mara's coat falls", "Mara's coat falls"),
    ],
)
def test_a_clause_without_its_subject(clause: str, predicate: str) -> None:
    assert predicate_of(clause, ["Mara", "Jonah"], elided=False).strip() == predicate
    assert predicate_of(clause, ["Mara", "Jonah"], elided=True) == clause


def test_an_action_ends_before_a_stranger_without_a_word_that_dangles() -> None:
    words = "gives the cup to a waiter"
    assert before_stranger(words, words.index("a waiter")) == "gives the cup"


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_beats_are_pieces_of_the_sentence_in_order(sentence: str) -> None:
    end = 0
    for beat in beats(sentence):
        assert end <= beat.start <= beat.end <= len(sentence)
        assert beat.text == sentence[beat.start : beat.end].strip()
        assert set(beat.leads) <= set(beat.actors) | {"Mara", "Jonah"}
        end = beat.end
