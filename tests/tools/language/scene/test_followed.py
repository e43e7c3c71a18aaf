"""Names, pronouns and looks, followed through a scene."""

from __future__ import annotations

import pytest

from tools.contracts.briefs import Person
from tools.contracts.planning import UnknownLook
from tools.language.scene.followed import Followed

PERSONS: dict[str, Person] = {"Mara": "woman", "Jonah": "man", "Élodie": "woman"}


def people(*names: str, looks: dict[str, list[str]] | None = None) -> Followed:
    return Followed(names or ("Mara", "Jonah"), looks or {}, PERSONS)


def actors(followed: Followed, *clauses: str) -> list[tuple[str, ...]]:
    return [followed.acting(clause, elided=False).actors for clause in clauses]


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        (["Mara sees Jonah", "He runs", "She follows"],
         [("Mara", "Jonah"), ("Jonah",), ("Mara",)]),
        (["Mara and Jonah run", "They laugh"], [("Mara", "Jonah"), ("Mara", "Jonah")]),
        (["She waits"], [("Mara",)]),
        (["A waiter brings the bill"], [()]),
        (["Mara waits for Jonah"], [("Mara",)]),
        (["Mara reads Jonah's letter"], [("Mara",)]),
        (["MARA waits"], [("Mara",)]),
        (["the rain falls"], [()]),
    ],
)  # fmt: skip
def test_who_acts(clauses: list[str], expected: list[tuple[str, ...]]) -> None:
    assert actors(people(), *clauses) == expected


def test_an_elided_subject_is_the_last_one() -> None:
    followed = people()
    followed.acting("Jonah waits", elided=False)
    assert followed.acting("and laughs", elided=True).actors == ("Jonah",)


def test_she_is_nobody_where_two_may_be_meant() -> None:
    assert actors(people("Mara", "Élodie"), "She waits") == [()]


def test_a_stranger_is_asked_about_once_by_the_fullest_name() -> None:
    followed = people()
    for label in ("Hale", "Inspector Hale", "hale", "waiter"):
        followed.ask_about(label)
    assert followed.strangers == ["Inspector Hale", "waiter"]


def test_a_cue_names_its_speaker_without_accents_or_case() -> None:
    followed = people("Élodie", "Mara")
    assert followed.speaker("ELODIE") == "Élodie"
    assert followed.speaker("ZORAN") is None
    assert followed.last_actor() == "Élodie"


def test_looks_are_worn_from_then_on_by_their_own_name() -> None:
    followed = people(looks={"Mara": ["after the Fight"]})
    followed.acting("Mara (After the fight) waits", elided=False)
    assert followed.member("Mara").look == "after the Fight"
    assert followed.member("Jonah").look == "default"


def test_a_look_that_nobody_has_is_said_once_and_a_description_is_none() -> None:
    followed = people()
    followed.acting("Jonah in the winter look sits (30s)", elided=False)
    followed.acting("Jonah in the winter look stands", elided=False)
    followed.wear("Mara", "30s, weary")
    followed.wear("Mara", "default look")
    assert followed.unknown_looks == [UnknownLook(character="Jonah", look="winter")]


def test_a_list_of_the_cast_is_read_with_looks_and_strangers() -> None:
    followed = people(looks={"Mara": ["winter"]})
    followed.read_cast("Mara (winter look), Jonah and zoran")
    assert followed.met == ["Mara", "Jonah"]
    assert followed.member("Mara").look == "winter"
    assert followed.strangers == ["Zoran"]


def test_somebody_is_the_last_one_or_the_only_one() -> None:
    followed = people()
    assert followed.somebody(stranger=False) == ()
    followed.acting("Jonah runs", elided=False)
    assert followed.somebody(stranger=False) == ("Jonah",)
    assert people("Mara").somebody(stranger=False) == ("Mara",)
    assert people("Mara").somebody(stranger=True) == ()


def test_the_cast_is_known_with_its_looks() -> None:
    (mara, jonah) = people(looks={"Mara": ["gala"]}).members()
    assert (mara.name, mara.looks, jonah.looks) == ("Mara", ("gala",), ())
