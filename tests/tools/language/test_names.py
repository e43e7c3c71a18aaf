"""Names in the letters of any script, their triggers, and who is meant by a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from tools.contracts.images import CastMember
from tools.contracts.model import Name
from tools.language.names import (
    file_name_of,
    find_name,
    tidy_name,
    trigger_of,
    with_triggers,
    working_name,
)
from tools.language.prompt.anchor import same_anchor
from tools.language.text import read_text

NAMES: TypeAdapter[str] = TypeAdapter(Name)


@pytest.mark.parametrize(
    ("name", "trigger"),
    [
        ("Mara", "Mara"),
        ("O'Brien", "O'Brien"),
        ("Dr. No", "Dr. No"),
        ("Élodie", "Elodie"),
        ("Łukasz", "Lukasz"),
        ("Øyvind", "Oyvind"),
        ("Ásta", "Asta"),
        ("Günther Strauß", "Gunther Strauss"),
        ("Æsa Þórsdóttir", "Aesa Thorsdottir"),
    ],
)
def test_the_trigger_of_a_name(name: str, trigger: str) -> None:
    assert NAMES.validate_python(name) == name
    assert trigger_of(name) == trigger


@pytest.mark.parametrize("name", ["李雷", "Ольга", "हिन्दी", "Ελένη"])
def test_a_name_without_latin_letters_gets_a_word_that_stays(name: str) -> None:
    assert NAMES.validate_python(name) == name
    assert tidy_name(name) == name
    trigger = trigger_of(name)
    assert trigger == trigger_of(name)
    assert trigger.isascii()
    assert trigger.isalpha()


@pytest.mark.parametrize("name", ["", "7 up", "-Mara", "a" * 41, "Mara\n", "Mara:"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(ValidationError):
        NAMES.validate_python(name)


def test_decomposed_letters_are_composed() -> None:
    assert NAMES.validate_python("E\u0301lodie") == "Élodie"
    assert trigger_of("E\u0301lodie") == "Elodie"


@given(st.text(max_size=40))
def test_every_trigger_is_ascii(name: str) -> None:
    assert trigger_of(name).isascii()


def test_the_anchor_says_the_trigger() -> None:
    cast = [CastMember(name="Élodie", identity_block="red hair", light="dusk")]
    assert same_anchor(cast) == "SAME Elodie: red hair; lit by dusk"
    assert with_triggers("Élodie hugs Łukasz", ["Élodie", "Łukasz"]) == "Elodie hugs Lukasz"


@pytest.mark.parametrize(
    ("name", "file"), [("Élodie", "Elodie"), ("O'Brien", "O_Brien"), ("Salt & Iron", "Salt_Iron")]
)
def test_names_of_files(name: str, file: str) -> None:
    assert file_name_of(name, default="x") == file


@pytest.mark.parametrize(
    ("say", "names"),
    [
        ("close on Élodie", ("Élodie",)),
        ("close on elodie", ("Élodie",)),
        ("ELODIE AND ŁUKASZ", ("Élodie", "Łukasz")),
        ("Lukasz's hat", ("Łukasz",)),
        ("Mraa waits", ("Mara",)),
        ("Marra waits", ("Mara",)),
        ("Marta waits", ()),
        ("Maria waits", ()),
        ("a brain in a jar", ()),
        ("李雷 waits", ("李雷",)),
    ],
)
def test_who_is_named(say: str, names: tuple[str, ...]) -> None:
    cast = ["Élodie", "Łukasz", "Mara", "Brian", "李雷"]
    assert read_text(say, cast).names == names


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
        ("Otta. Man, 40. Fair skin.", "Otta"),
        ("COOK. BELA. A YOUNG WOMAN. TALL.", "BELA"),
        ("Old man, Piet, tan skin", "Piet"),
        ("Woman, Olive skin, short hair", None),
        ("please imagine Hester: eighty, white hair", "Hester"),
        ("it's about Juno, she's twenty, pale", "Juno"),
        ("Grey. Woman, 29.", None),
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
