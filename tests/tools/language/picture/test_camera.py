"""Sizes, sides, heights and expressions, with their places and whether they are denied."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.contracts.photography import Expression, Framing
from tools.language.picture.camera import (
    angles_in,
    counts_in,
    expression_of,
    expressions_in,
    framings_in,
    implied_framing,
    is_detail,
    views_in,
    with_leads,
)

WORDS = [
    *("wide", "close-up", "medium", "shot", "of", "a", "the", "sad", "smile", "low", "angle", "no"),
    *("from", "below", "over", "her", "shoulder", "profile", "left", ",", "two-shot", "very"),
]


@pytest.mark.parametrize(
    ("small", "framings"),
    [
        ("wide shot of the pier", ["wide shot"]),
        ("closeup, then a medium", ["close-up", "medium shot"]),
        ("a wide street", []),
        ("wide", ["wide shot"]),
        ("her wide eyes", []),
    ],
)
def test_sizes(small: str, framings: list[str]) -> None:
    assert [said.meaning for said in framings_in(small)] == framings


@pytest.mark.parametrize(
    ("small", "meanings", "words"),
    [
        ("from just below", ["low angle"], ["from just below"]),
        ("seen from above", ["high angle"], ["from above"]),
        ("over her shoulder", ["over the shoulder"], ["over her shoulder"]),
        ("she looks over her shoulder", [], []),
    ],
)
def test_heights(small: str, meanings: list[str], words: list[str]) -> None:
    found = angles_in(small)
    assert [said.meaning for said in found] == meanings
    assert [said.words for said in found] == words


@pytest.mark.parametrize(
    ("small", "meant", "denied"),
    [
        ("she looks sad", ["sad"], [False]),
        ("not so sad", ["sad"], [True]),
        ("less angry", ["angry"], [True]),
        ("she isn't smiling", ["smiling"], [True]),
        ("the sad song", [], []),
        ("an angry woman", ["angry"], [False]),
        ("a smile", ["smiling"], [False]),
    ],
)
def test_expressions(small: str, meant: list[str], denied: list[bool]) -> None:
    found = expressions_in(small)
    assert [said.meaning for said in found] == meant
    assert [said.denied for said in found] == denied


def test_the_first_expression_that_is_wanted() -> None:
    assert expression_of("not sad, smiling") is Expression.SMILING
    assert expression_of("not sad") is None


def test_an_expression_takes_the_words_around_it() -> None:
    small = "mara with a crooked smile on her face, wide"
    (said,) = expressions_in(small)
    whole = with_leads(said, small)
    assert small[whole.start : whole.end].startswith("with a crooked smile")


def test_a_head_count_is_no_size_but_brings_one() -> None:
    assert framings_in("two-shot") == []
    assert [said.words for said in counts_in("two-shot of them")] == ["two-shot"]
    assert isinstance(implied_framing("a two-shot"), Framing)
    assert implied_framing("a boat") is None


def test_a_thing_seen_from_very_near() -> None:
    (insert,), (close,) = framings_in("insert of the letter"), framings_in("close-up of her")
    assert is_detail(insert)
    assert not is_detail(close)


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_spans_are_the_words_in_order_and_apart(small: str) -> None:
    for find in (framings_in, views_in, angles_in, expressions_in):
        found = find(small)
        assert all(said.words in small[said.start : said.end] for said in found)
        assert all(one.start < other.start for one, other in pairwise(found))
