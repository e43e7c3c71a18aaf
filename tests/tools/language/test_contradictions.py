"""What cannot both be seen is refused with both phrases; what can, is not."""

from __future__ import annotations

import pytest

from tools.errors import BadInput
from tools.language.contradictions import refuse_contradictions, refuse_two_persons
from tools.language.lexicon import SlotName
from tools.language.numbers import Age


def age(phrase: str, low: int, high: int) -> Age:
    return Age(phrase, 0, 0, low, high)


@pytest.mark.parametrize(
    ("slot", "one", "other"),
    [
        ("build", "slim", "portly"),
        ("build", "portly", "slim"),
        ("hair", "long hair", "short hair"),
        ("hair", "brown hair", "red hair"),
        ("eyes", "blue-eyed", "green eyes"),
        ("skin", "pale skin", "dark skin"),
    ],
)
def test_two_phrases_of_a_slot_that_exclude_each_other(
    slot: SlotName, one: str, other: str
) -> None:
    with pytest.raises(BadInput, match=f"contradicts itself: '{one}' and '{other}'; keep one"):
        refuse_contradictions({slot: [one, other]}, [])


@pytest.mark.parametrize(
    ("slot", "said"),
    [
        ("hair", ["dark hair", "grey at the temples"]),
        ("eyes", ["one blue eye", "one green eye"]),
        ("hair", ["brown hair", "chestnut hair"]),
        ("hair", ["no hair", "red hair"]),
        ("wardrobe", ["red coat", "blue scarf"]),
        ("build", ["slim"]),
    ],
)
def test_what_may_stand_together(slot: SlotName, said: list[str]) -> None:
    refuse_contradictions({slot: said}, [])


def test_the_same_words_in_two_slots_do_not_meet() -> None:
    refuse_contradictions({"hair": ["long hair"], "wardrobe": ["short coat"]}, [])


def test_ages_must_share_a_year() -> None:
    refuse_contradictions({}, [age("young", 18, 35), age("thirty", 30, 30)])
    with pytest.raises(BadInput, match="'young' and 'in her fifties'"):
        refuse_contradictions({}, [age("young", 18, 35), age("in her fifties", 50, 59)])
    with pytest.raises(BadInput, match="'60' and 'young'"):
        refuse_contradictions({}, [age("60", 60, 60), age("young", 18, 35)])


def test_a_brief_is_of_one_person() -> None:
    refuse_two_persons([("lady", "woman"), ("girl", "girl")])
    with pytest.raises(BadInput, match="'girl' and 'bloke'; describe one person"):
        refuse_two_persons([("bloke", "man"), ("girl", "girl")])
