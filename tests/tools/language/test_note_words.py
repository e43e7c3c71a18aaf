"""A note while its words are given away: pieces, denials, what is left of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.language.note_words import Note, names_thing, note_rules, says_something


def note(text: str) -> Note:
    return Note.of(text, ["Mara"])


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("closer, and warmer", ["closer", "warmer"]),
        ("moonlight instead of daylight", ["moonlight", "daylight"]),
        ("smile not angry", ["smile", "not angry"]),
        ("head and shoulders", ["head and shoulders"]),
        ("brighter but no smoke. Wide!", ["brighter", "no smoke", " Wide"]),
    ],
)
def test_where_pieces_end(text: str, pieces: list[str]) -> None:
    read = note(text)
    found = [read.words.text[start:end] for start, end in read.pieces()]
    assert [piece.strip() for piece in found] == [piece.strip() for piece in pieces]


@pytest.mark.parametrize(
    ("text", "word", "denied"),
    [
        ("no smoke", "smoke", True),
        ("no smoke, moonlight", "moonlight", False),
        ("moonlight instead of candlelight", "candlelight", True),
        ("moonlight rather than candlelight", "moonlight", False),
        ("without the hat", "hat", True),
    ],
)
def test_what_is_denied(text: str, word: str, denied: bool) -> None:
    read = note(text)
    assert read.is_denied(read.small.index(word)) is denied


def test_a_phrase_is_found_where_it_is_not_denied_and_once() -> None:
    read = note("not closer. Closer, please, closer")
    found = read.find(("closer",))
    assert found is not None
    assert found.start() == len("not closer. ")
    denied = read.find(("closer",), denied_too=True)
    assert denied is not None
    assert denied.start() == len("not ")
    assert read.take_all(("closer",))
    assert read.find(("closer",)) is None
    assert not read.take_all(("closer",))


def test_what_is_unused_is_said_in_its_own_words_without_names_and_filler() -> None:
    read = note("Warmer please, a Zither on Mara, thanks")
    assert read.take_all(("warmer",))
    assert read.unused() == ["a Zither on Mara"]
    assert note("Mara, please").unused() == []


def test_syntax_of_other_programs_is_said_as_changing_nothing() -> None:
    assert note("(warmer:1.4) --ar 16:9").idle != []


def test_typing_errors_of_the_rules_words_are_mended() -> None:
    assert note("broghter, clsoer").find(("closer",)) is not None


def test_said_at_gives_the_piece_of_a_place() -> None:
    read = note("warmer, no Smoke there, wide")
    assert read.said_at(read.small.index("smoke")) == "no Smoke there"
    assert read.piece_at(10_000) == (0, len(read.words.text))


def test_filler_says_nothing() -> None:
    filler = sorted(note_rules().filler)[:12]
    assert not says_something(" ".join(filler))
    assert says_something(f"{filler[0]} zither")


def test_a_thing_is_named_by_itself_or_as_the_end_of_several_words() -> None:
    things = [each for each in note_rules().things if each.isalpha()]
    assert things
    assert names_thing(things[0])
    assert not names_thing("zither")
    assert not names_thing("")


@given(st.text(max_size=120))
def test_pieces_are_apart_and_what_is_left_is_the_notes_own(text: str) -> None:
    read = note(text)
    end = 0
    for start, stop in read.pieces():
        assert end <= start < stop <= len(read.words.text)
        end = stop
        assert len(read.left(start, stop)) == stop - start
    own = {*read.idle}
    assert [
        words for words in read.unused() if words not in read.words.text and words not in own
    ] == []
