"""What one sentence says: every word goes to a slot or to the free words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.language.lexicon import character_lexicon
from tools.language.sentence import read_sentence
from tools.language.text import words_of


def said(text: str, name: str | None = None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for chunk in read_sentence(text, name).chunks:
        found.setdefault(chunk.slot, []).append(chunk.phrase)
    return found


def test_name_age_and_person_are_taken_before_the_phrases() -> None:
    reading = read_sentence("Mara Voss, 34, a tall woman with red hair", "Mara Voss")
    assert [age.phrase for age in reading.ages] == ["34"]
    assert reading.nouns == (("woman", "woman"),)
    assert [(chunk.slot, chunk.phrase) for chunk in reading.chunks] == [
        ("build", "tall"),
        ("hair", "red hair"),
    ]
    assert reading.free == ()


def test_a_name_with_an_s_is_the_name() -> None:
    assert read_sentence("Mara's zither", "Mara").free == ("zither",)


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("a young man", ["young"]),
        ("an old coat", []),
        ("he is old", ["old"]),
        ("old, tired", ["old"]),
    ],
)
def test_old_and_young_are_ages_of_people_only(text: str, ages: list[str]) -> None:
    assert [age.phrase for age in read_sentence(text, None).ages] == ages


@pytest.mark.parametrize("text", ["her mother is a nurse", "built like a man", "like an old man"])
def test_somebody_else_is_not_who_is_described(text: str) -> None:
    assert read_sentence(text, None).nouns == ()


def test_a_colour_before_a_person_is_the_skin() -> None:
    assert said("a black woman in a black coat") == {"skin": ["black"], "wardrobe": ["black coat"]}


@pytest.mark.parametrize(
    ("text", "recurring", "without", "kept"),
    [
        ("she always wears a silver ring", ("silver ring",), (), {}),
        ("never without her red scarf", ("red scarf",), (), {}),
        ("in a coat without the hat", (), ("hat",), {"wardrobe": ["coat"]}),
        ("always late", (), (), {}),
    ],
)
def test_what_is_worn_always_or_not(
    text: str, recurring: tuple[str, ...], without: tuple[str, ...], kept: dict[str, list[str]]
) -> None:
    reading = read_sentence(text, None)
    assert (reading.recurring, reading.without) == (recurring, without)
    assert said(text) == kept


def test_pronouns_say_who_is_spoken_of() -> None:
    assert read_sentence("She's tired and his coat is torn", None).pronouns == ("woman", "man")


@given(st.text(max_size=120))
def test_no_word_is_lost(text: str) -> None:
    reading = read_sentence(text, None)
    groups = (reading.recurring, reading.without, reading.free, [a.phrase for a in reading.ages])
    kept = " ".join([phrase for group in groups for phrase in group]
                    + [chunk.phrase for chunk in reading.chunks]).lower()  # fmt: skip
    nouns = {noun.lower() for noun, _ in reading.nouns}
    for word in words_of(text):
        if not word.is_mark and word.lower not in character_lexicon().stop | nouns:
            assert word.lower in kept or word.lower in ("never", "without", "always"), word
