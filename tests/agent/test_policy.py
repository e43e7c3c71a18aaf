"""What the frozen policy knows of a character's looks."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from agent.policy import MAX_LETTERS, ApprovalPolicy, KnownLook

POLICY = ApprovalPolicy(looks=(KnownLook(character="Straße", look="After the fight"),))


@pytest.mark.parametrize(
    ("character", "look", "known"),
    [
        ("Straße", "After the fight", True),
        ("STRASSE", "after THE fight", True),
        ("Straße", "default", False),
        ("Lirien", "After the fight", False),
    ],
)
def test_a_look_is_known_of_its_own_character_whatever_the_capitals(
    character: str, look: str, known: bool
) -> None:
    assert POLICY.knows(character, look) is known


def test_words_are_bounded_as_a_message_is() -> None:
    assert len(ApprovalPolicy(words="x" * MAX_LETTERS).words) == MAX_LETTERS
    with pytest.raises(ValidationError, match="at most 20000"):
        ApprovalPolicy(words="x" * (MAX_LETTERS + 1))
