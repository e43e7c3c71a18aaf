from __future__ import annotations

import json

import pytest

from tools.contracts.verdicts import Outcome
from tools.store.model import now
from tools.store.take import Take
from tools.workflows.shots.cards.take_lines import MOST_REASON, short_reasons, take_line

OWN = "distance 0.031 to the character, threshold 0.049"


def take(**values: object) -> Take:
    return Take.model_validate(
        {
            "shot_id": "s",
            "key": "k",
            "prompt": "Daro",
            "seed": 1,
            "request": "{}",
            "number": 3,
            "slate": "12A T3",
        }
        | values
    )


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({}, "12A T3: not drawn yet"),
        ({"digest": "a" * 64}, "12A T3: not judged yet"),
        (
            {"digest": "a" * 64, "verdict": Outcome.PASS, "csfd_own": 0.0312, "reasons": [OWN]},
            "12A T3: passed, distance 0.031",
        ),
        (
            {"digest": "a" * 64, "verdict": Outcome.REJECT, "reasons": ["no readable face"]},
            "12A T3: rejected by QC (no readable face)",
        ),
        (
            {"digest": "a" * 64, "verdict": Outcome.REVIEW, "picked_at": now(), "note": "the eyes"},
            "12A T3: for review; picked: the eyes",
        ),
        (
            {"digest": "a" * 64, "verdict": Outcome.PASS, "rejected_at": now()},
            "12A T3: passed; rejected by a person",
        ),
    ],
)
def test_a_take_is_one_line(values: dict[str, object], line: str) -> None:
    reasons = json.dumps(values.get("reasons", []))
    assert take_line(take(**values | {"reasons": reasons})) == line


def test_the_distance_is_not_said_twice_and_a_long_reason_is_cut() -> None:
    assert short_reasons([OWN, f"{OWN}; a small face"]) == "a small face"
    assert len(short_reasons(["x" * 500])) == MOST_REASON
