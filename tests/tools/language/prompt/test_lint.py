"""The linter: what goes, what stays, and what the rest of the text looks like afterwards."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.language.prompt.lint import lint
from tools.language.prompt.lint_terms import TermRow, term_table

ROWS = [row for _, row in term_table().rows()]


def is_ambiguous(row: TermRow) -> bool:
    """Say whether the context decides."""
    rules = (row.unless_before, row.unless_after, row.only_before, row.only_after)
    return bool(row.unless_near or row.only_near) or any(rule is not None for rule in rules)


PLAIN = [row for row in ROWS if not is_ambiguous(row) and row.pattern is None]
AMBIGUOUS = [row for row in ROWS if is_ambiguous(row)]
FILM = [
    "close-up",
    "of",
    "woman",
    "smiling",
    "in",
    "golden",
    "hour",
    "brick",
    "wall",
    "85mm",
    "lens",
]
PIECES = st.one_of(
    st.sampled_from([row.lemma for row in ROWS]),
    st.sampled_from([sentence for row in ROWS for sentence in (*row.goes, *row.stays)]),
    st.sampled_from(
        [*FILM, ",", ", ", ".", "(", ")", "and", "in the style of", "a", "an", "\n", "4km", "-"]
    ),
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=10).map(" ".join))


def lemma_of(row: TermRow) -> str:
    return row.lemma


def test_the_table_is_large_enough_and_every_term_has_a_reason() -> None:
    assert len({row.lemma for row in ROWS}) == len(ROWS) >= 150
    assert all(group.reason.strip() for group, _ in term_table().rows())


@pytest.mark.parametrize("row", PLAIN, ids=lemma_of)
def test_a_plain_term_goes_in_every_spelling(row: TermRow) -> None:
    spellings = {
        row.lemma,
        row.lemma.upper(),
        row.lemma.title(),
        row.lemma.replace(" ", "-"),
        *row.forms,
    }
    if row.joined:
        spellings.add(row.lemma.replace(" ", "").replace("-", ""))
    for spelling in spellings:
        result = lint(f"a woman, {spelling}, rain")
        assert result.text == "a woman, rain", spelling
        assert result.removed


@pytest.mark.parametrize("row", AMBIGUOUS, ids=lemma_of)
def test_an_ambiguous_term_stays_in_its_sentences_and_goes_in_the_others(row: TermRow) -> None:
    assert row.stays
    assert row.goes
    for sentence in row.stays:
        assert lint(sentence).text == sentence
    for sentence in row.goes:
        assert lint(sentence).removed


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("An 8k portrait of an old man", "A portrait of an old man"),
        ("octane render of a woman", "a woman"),
        ("portrait with VFX, rain", "portrait, rain"),
        ("(4k) a man", "a man"),
        ("a man, trending on ArtStation", "a man"),
        ("a man. Rendered in Unreal Engine 5.4, 4k. Rain.", "a man. Rain."),
        ("photo-realistic, ultra hd, 8K, a man", "a man"),
        ("((masterpiece:1.2)), (red coat:1.3), a man --ar 16:9", "(red coat), a man"),
        ("a hyper 4k realistic man", "a man"),
        ("CGI-heavy portrait", "portrait"),
        ("a man,4k,rain", "a man, rain"),
        ("character sheet of a man", "a man"),
        ("a 4 k-resolution portrait", "a portrait"),
        ("8K! A man, 4K/8K", "A man"),
        ("a man, artstation.com", "a man"),
    ],
)
def test_the_place_of_a_removal_is_mended(text: str, cleaned: str) -> None:
    assert lint(text).text == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "a render of the wall in lime",
        "4km run",
        "she wins the 4k run",
        'a cap that reads "VFX CREW"',
        "an Unreal Engine t-shirt",
        "35mm film still, shallow depth of field, bokeh, golden hour",
    ],
)
def test_what_the_camera_sees_stays(text: str) -> None:
    assert lint(text).text == text


def test_names_and_wardrobe_are_kept_whole() -> None:
    text = "Maya Blender in a CGI coat, cgi"
    result = lint(text, keep=("Maya Blender", "CGI coat"))
    assert result.text == "Maya Blender in a CGI coat"
    assert [removal.term for removal in result.removed] == ["cgi"]


def test_the_longest_term_goes_first() -> None:
    assert [removal.term for removal in lint("a man, ultra high resolution").removed] == [
        "ultra high resolution"
    ]


def test_the_character_sheet_stays_only_when_it_is_kept() -> None:
    text = "character sheet of a man"
    assert lint(text, keep=("character sheet of",)).text == text
    assert lint(text).text == "a man"


def test_every_removal_says_why() -> None:
    (removal,) = lint("a man, octane render").removed
    assert "render engine" in removal.reason


@given(TEXTS)
def test_linting_twice_changes_nothing_more(text: str) -> None:
    once = lint(text)
    assert lint(once.text).text == once.text
    assert not lint(once.text).removed


@given(TEXTS)
def test_a_text_without_terms_is_unchanged_byte_for_byte(text: str) -> None:
    result = lint(text)
    if not result.removed:
        assert result.text == text


@given(TEXTS)
def test_removing_never_joins_or_invents_words(text: str) -> None:
    before = set(re.findall(r"\w+", text.lower()))
    after = set(re.findall(r"\w+", lint(text).text.lower()))
    assert after <= before | {"a", "an"}


@given(st.lists(st.sampled_from(FILM), min_size=1, max_size=8), st.sampled_from(PLAIN))
def test_a_removed_term_leaves_its_neighbours(words: list[str], row: TermRow) -> None:
    text = " ".join(words)
    assert lint(f"{text}, {row.lemma}, rain").text == f"{text}, rain"
