"""A tool's result, and the text that a file takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agent.answer import LONGEST_TEXT, MOST_JOBS, Answer, storable


@given(st.text(alphabet=st.characters(codec=None)))
def test_a_storable_text_is_stored_and_says_the_same_beside_halves_of_letters(text: str) -> None:
    kept = storable(text)

    kept.encode("utf-8")
    assert len(kept) == len(text)
    assert all(
        after == (before if not "\ud800" <= before <= "\udfff" else "?")
        for before, after in zip(text, kept, strict=True)
    )


def test_an_answer_is_bounded() -> None:
    with pytest.raises(ValidationError, match="at most 20000"):
        Answer(text="x" * (LONGEST_TEXT + 1))
    with pytest.raises(ValidationError, match="at most 60"):
        Answer(text="", jobs=("a",) * (MOST_JOBS + 1))
