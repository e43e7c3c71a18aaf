from __future__ import annotations

import pytest

from tests.support.filled_studio import shot
from tools.contracts.photography import Framing, View
from tools.contracts.verdicts import Outcome, Verdict
from tools.workflows.shots.cards.advice import advice


def verdict(outcome: Outcome = Outcome.REJECT, **values: object) -> Verdict:
    return Verdict.model_validate({"outcome": outcome, "reasons": (), "faces": 1} | values)


@pytest.mark.parametrize(
    ("framing", "view", "verdicts", "said"),
    [
        (
            "close-up",
            None,
            [verdict(Outcome.REVIEW)],
            "look at them: a take for review may be picked",
        ),
        (
            "full-body shot",
            None,
            [verdict(faces=0)],
            "a closer framing makes the face large enough",
        ),
        ("close-up", View.LEFT_PROFILE, [verdict(faces=0)], "a frontal or three-quarter view"),
        ("close-up", None, [verdict(faces=0)], "draw it again: no face could be read"),
        ("close-up", None, [verdict(faces=2)], "draw it again: more than one face came out"),
        ("close-up", None, [verdict(copy_of="reference 3")], "change light or place"),
        ("close-up", None, [verdict(csfd_own=0.4)], "train a longer version"),
        (
            "close-up",
            None,
            [verdict(faces=0, malformed=True), verdict(csfd_own=0.4, malformed=True)],
            "draw it again: a head came out malformed",
        ),
        ("close-up", None, [verdict()], "draw it again with another seed"),
    ],
)
def test_what_helps_follows_from_the_verdicts(
    framing: str, view: View | None, verdicts: list[Verdict], said: str
) -> None:
    asked = shot("1A", framing=Framing(framing)).model_copy(update={"view": view})
    assert said in advice(asked, verdicts)


def test_each_hint_is_given_once() -> None:
    hints = advice(shot("1A"), [verdict(faces=0), verdict(faces=0), verdict(csfd_own=0.4)])
    assert hints.count("no face could be read") == 1
    assert hints.count("; ") == 1
