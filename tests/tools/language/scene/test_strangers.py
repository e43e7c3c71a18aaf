"""People of a sentence who are not in the cast."""

from __future__ import annotations

import pytest

from tools.language.scene.strangers import strangers_in


@pytest.mark.parametrize(
    "sentence",
    ["the pilot boat at night", "She waits at the nurse station.", "He takes the captain's coat."],
)
def test_a_person_in_front_of_a_thing_is_nobody_in_frame(sentence: str) -> None:
    assert strangers_in(sentence, ["Marta"]) == []


def test_the_person_is_still_found_beside_the_thing() -> None:
    (found,) = strangers_in("The pilot boards the pilot boat.", ["Marta"])
    assert (found.label, found.start) == ("pilot", 0)
