"""The word files are read strictly, and one line says what is wrong with one."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tools.contracts.model import Contract
from tools.errors import BadInput
from tools.language.lexicon import SLOTS, Words, character_lexicon, english, one_line, word_file


class Listed(Contract):
    """A file of two lists."""

    words: Words
    counts: tuple[int, ...] = ()


def test_words_may_be_a_list_or_stand_with_blanks_between_them() -> None:
    assert Listed.model_validate({"words": "a b  c"}).words == {"a", "b", "c"}
    assert Listed.model_validate({"words": ["a b", "c"]}).words == {"a b", "c"}


def test_a_file_that_holds_something_else_is_named_with_its_first_fault() -> None:
    with pytest.raises(BadInput, match=r"^prompts/lexicon/english\.yaml: words: Field required"):
        word_file(Listed, "lexicon", "english.yaml")


def test_one_line_says_where_and_how_many_more() -> None:
    with pytest.raises(ValidationError) as caught:
        Listed.model_validate({"words": "a", "counts": [1, "x", "y"]})
    said = one_line(caught.value)
    assert said.startswith("counts.1: Input should be a valid integer")
    assert said.endswith("(and 1 more)")
    assert "\n" not in said


def test_the_lists_are_read_once() -> None:
    assert character_lexicon() is character_lexicon()
    assert english() is english()


def test_heads_and_lone_words_lead_to_a_slot() -> None:
    lexicon = character_lexicon()
    assert lexicon.head_slot["hair",] == "hair"
    assert lexicon.head_slot["coat",] == "wardrobe"
    assert lexicon.lone_slot["bald",] == "hair"
    assert set(lexicon.slots) == set(SLOTS)


@pytest.mark.parametrize(
    ("word", "slot"),
    [("green-eyed", "eyes"), ("red-haired", "hair"), ("eyed", None), ("zither", None)],
)
def test_the_slot_of_a_compound(word: str, slot: str | None) -> None:
    assert character_lexicon().suffix_slot(word) == slot


def test_who_is_meant_by_a_noun_a_pronoun_or_a_title() -> None:
    lexicon = character_lexicon()
    assert (lexicon.person["lady"], lexicon.person["boy"]) == ("woman", "boy")
    assert (lexicon.pronouns["she"], lexicon.pronouns["his"]) == ("woman", "man")
    assert (lexicon.titles["mrs"], lexicon.titles["mr"]) == ("woman", "man")


@pytest.mark.parametrize(
    ("word", "known"), [("the", True), ("nurse", True), ("coat", True), ("kowalski", False)]
)
def test_a_word_that_has_a_meaning_is_nobodys_name(word: str, known: bool) -> None:
    assert character_lexicon().knows(word) is known
