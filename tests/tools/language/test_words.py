"""Words, articles and names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tools.contracts.model import Name
from tools.language.names import find_name, tidy_name, working_name
from tools.language.text import plain_text, with_article, words_of


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


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mara, 34, a nurse", "Mara"),
        ("Edith Marlow was old", "Edith Marlow"),
        ("I'm Tessa and I am tired", "Tessa"),
        ("the role of MARGARET", "MARGARET"),
        ("dark eyes: Dr Okafor, a tall man", "Dr Okafor"),
        ("Waitress (25)", None),
        ("Old man, grey beard", None),
        ("The Winter Queen, ageless", None),
        ("Grey-eyed bloke, thirty", None),
    ],
)
def test_find_name(text: str, name: str | None) -> None:
    assert find_name(text) == name


@given(st.text(max_size=80))
def test_working_and_tidied_names_are_names(text: str) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(Name)
    assert adapter.validate_python(working_name(text))
    tidy = tidy_name(text)
    assert not tidy or not tidy[0].isalpha() or adapter.validate_python(tidy) == tidy


@given(st.text(max_size=120))
def test_words_stand_where_they_say(text: str) -> None:
    plain = plain_text(text)
    assert all(plain[word.start : word.end] == word.text for word in words_of(plain))
