"""Who is in a picture, and who is not."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.language.picture.people import (
    first_stranger,
    strangers_beside_cast,
    take_people,
    without_names,
)
from tools.language.text import read_text


@given(
    st.sampled_from(["and", "or", "with", "&"]),
    st.from_regex(r"[QXZ][aiou]k[aiou]r", fullmatch=True),
)
def test_whoever_is_tied_to_a_name_is_found(tie: str, stranger: str) -> None:
    for words in (f"cast Lirien {tie} {stranger}", f"cast {stranger} {tie} Lirien"):
        assert strangers_beside_cast(read_text(words, ["Lirien"])) == (stranger,)
    assert stranger not in without_names(f"smoking with {stranger}", (stranger,))


@dataclass(frozen=True)
class Member:
    """Somebody of the cast."""

    name: str
    looks: tuple[str, ...] = ()


LIRIEN, DARO = Member("Lirien", ("default", "gala", "after the fight")), Member("Daro")


def people(say: str, *pointed: str) -> list[tuple[str, str | None, str | None]]:
    text = read_text(say, ["Lirien", "Daro"])
    _, found = take_people(text, (LIRIEN, DARO), pointed)
    return [(each.name, each.look, each.light) for each in found]


@pytest.mark.parametrize(
    ("say", "found"),
    [
        ("Lirien in the gala look", [("Lirien", "gala", None)]),
        ("Lirien after the fight, Daro", [("Lirien", "after the fight", None), ("Daro", None, None)]),
        ("Daro in the gala look", [("Daro", None, None)]),
        ("both of them", [("Lirien", None, None), ("Daro", None, None)]),
        ("Lirien by candlelight, Daro in moonlight",
         [("Lirien", None, "candlelight"), ("Daro", None, "moonlight")]),
        ("Lirien and Daro by candlelight", [("Lirien", None, None), ("Daro", None, None)]),
    ],
)  # fmt: skip
def test_who_is_in_frame_with_look_and_own_light(
    say: str, found: list[tuple[str, str | None, str | None]]
) -> None:
    assert people(say) == found


def test_who_is_pointed_at_counts_where_nobody_is_named() -> None:
    assert people("close on her", "Daro") == [("Daro", None, None)]
    assert people("Lirien, close", "Daro") == [("Lirien", None, None)]


def test_what_was_read_as_a_look_is_taken_out_of_the_words() -> None:
    text, _ = take_people(read_text("Lirien in the gala look, wide", ["Lirien"]), (LIRIEN,), ())
    assert "gala" not in text.small
    assert "wide" in text.small


@pytest.mark.parametrize(
    ("say", "stranger"),
    [
        ("cast Roderick", "Roderick"),
        ("Roderick waits", None),
        ("CAST RODERICK", None),
        ("show the ECU", None),
    ],
)
def test_the_first_capitalised_word_inside_a_sentence(say: str, stranger: str | None) -> None:
    assert first_stranger(read_text(say, ["Lirien"])) == stranger


def test_a_name_goes_with_what_tied_it() -> None:
    assert without_names("smoking with Petra's sister and Zoran", ["Zoran"]) == (
        "smoking with Petra's sister"
    )
