"""A plan says what it takes and why, in words and sums."""

from __future__ import annotations

import pytest

from tools.contracts.memory import (
    GB,
    DeviceFacts,
    MemoryPlan,
    Numbers,
    PlanStage,
    PlanTerm,
    Residency,
    Task,
)

TEXTS = PlanStage(name="texts", terms=(PlanTerm(what="texts", gb=1.5),))
DENOISER = PlanStage(
    name="denoiser", terms=(PlanTerm(what="denoiser", gb=4.8), PlanTerm(what="pictures", gb=0.3))
)


def plan(**changes: object) -> MemoryPlan:
    values = {"base": "sdxl", "task": Task.DRAW, "batch": 4, **changes}
    return MemoryPlan.model_validate(values)


def test_the_largest_stage_is_what_a_plan_needs() -> None:
    made = plan(stages=(TEXTS, DENOISER), free_gb=8.0)
    assert made.peak == DENOISER
    assert made.lines == (
        "sdxl, draw: 5.1 of 8.0 GB free; 4 at a time, all models on the device",
        "  texts 1.50 GB = texts 1.50",
        "  denoiser 5.10 GB = denoiser 4.80 + pictures 0.30",
    )


def test_an_unknown_base_says_so() -> None:
    assert plan().peak is None
    assert plan().lines[0].endswith("what it needs is not known")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"residency": Residency.BLOCKS}, "the denoiser block by block"),
        ({"eight_bits": True}, "fp8 weights"),
        ({"texts_here": False}, "texts on the processor"),
        ({"sliced": True}, "decoded one by one"),
        ({"sliced": True, "tiled": True}, "decoded one by one, decoded in tiles"),
        ({"task": Task.TRAIN, "batch": 1, "parts": 2}, "1 at a time × 2"),
        ({"task": Task.TRAIN, "checkpointing": True}, "4 at a time, checkpointing"),
    ],
)
def test_every_choice_is_said(changes: dict[str, object], said: str) -> None:
    assert plan(**changes).how.endswith(said)


def test_numbers_weigh() -> None:
    half = Numbers(storage=2, arithmetic=4, decoding=8)
    assert half.weights(GB / 1e6) == pytest.approx(2.0)
    assert half.weights(GB / 1e6, 1) == pytest.approx(1.0)
    assert half.working(0.5) == 1.0
    assert half.decoded(0.5) == 2.0


def test_only_a_card_has_memory_of_its_own() -> None:
    kinds = {"cuda": True, "mps": False, "cpu": False}
    for kind, card in kinds.items():
        facts = DeviceFacts.model_validate({"kind": kind, "name": kind, "total": 2, "free": 1})
        assert facts.is_card is card
