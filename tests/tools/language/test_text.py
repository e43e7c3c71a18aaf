"""A text and its masked twin: parts, gaps, taken spans, words put in place of others; typing errors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.language.picture.picture import picture_words
from tools.language.spelling import is_word, typing_errors
from tools.language.text import (
    NAME_MARK,
    QUOTE_MARK,
    TAKEN,
    plain_text,
    plural,
    read_text,
    with_article,
    words_of,
)

CAST = ["Mara", "Élodie Blanc"]


def test_names_and_quotes_are_masked_letter_by_letter() -> None:
    text = read_text('Mara says "go" to Blanc', CAST)
    assert text.small == f"{NAME_MARK * 4} says {QUOTE_MARK * 4} to {NAME_MARK * 5}"
    assert [(each.name, each.start, each.end) for each in text.named] == [
        ("Mara", 0, 4),
        ("Élodie Blanc", 18, 23),
    ]


@given(st.text(max_size=80))
def test_the_twin_is_as_long_as_the_text(words: str) -> None:
    text = read_text(words, CAST)
    assert len(text.text) == len(text.small)
    assert all(
        text.small[each.start : each.end] == NAME_MARK * (each.end - each.start)
        for each in text.named
    )


def test_parts_and_gaps_keep_their_names() -> None:
    text = read_text("wide, Mara in the snow, please", CAST)
    part = text.part(5, 22)
    assert (part.text, part.names, part.named[0].start) == ("Mara in the snow", ("Mara",), 0)
    rest = text.without((0, 5))
    assert (rest.text, rest.names) == ("Mara in the snow, please", ("Mara",))
    assert text.tail(22).text == "please"


def test_taken_words_are_not_free_and_names_stay_marked() -> None:
    text = read_text("close on Mara", CAST).taking((0, 13))
    assert text.small == TAKEN * 9 + NAME_MARK * 4
    assert not text.is_free(0, 5)


def test_other_words_in_a_place_move_what_follows() -> None:
    text = read_text("Closup of Mara", CAST)
    mended = text.replacing(typing_errors(text.small, picture_words()))
    assert (mended.text, mended.named[0].start) == ("Closeup of Mara", 11)


@pytest.mark.parametrize(
    "words", ["an angel in the chapel", "stars", "the cattle", "a kitten", "she staggers"]
)
def test_english_words_are_no_typing_errors(words: str) -> None:
    assert typing_errors(words, picture_words()) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("canddlelight", "candlelight"),
        ("kitchn", "kitchen"),
        ("silohuette", "silhouette"),
        ("medim", "medium"),
    ],
)
def test_typing_errors(typed: str, meant: str) -> None:
    assert not is_word(typed)
    assert [word for _, _, word in typing_errors(typed, picture_words())] == [meant]


def test_plain_text_has_plain_quotes_and_no_byte_order_mark() -> None:
    assert plain_text("\ufeff“Go”  she said…") == '"Go" she said...'


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("white coat", "a white coat"),
        ("old man", "an old man"),
        ("uniform", "a uniform"),
        ("green dress", "a green dress"),
        ("black boots", "black boots"),
        ("the red scarf", "the red scarf"),
        ("one glove", "one glove"),
    ],
)
def test_articles(phrase: str, said: str) -> None:
    assert with_article(phrase) == said


@given(st.text(max_size=120))
def test_words_stand_where_they_say(text: str) -> None:
    plain = plain_text(text)
    assert all(plain[word.start : word.end] == word.text for word in words_of(plain))


def test_a_noun_stands_with_its_count() -> None:
    assert [plural(count, "sketch") for count in (0, 1, 2)] == [
        "0 sketches",
        "1 sketch",
        "2 sketches",
    ]
    assert plural(2, "image") == "2 images"
