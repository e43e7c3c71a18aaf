"""Plans are arithmetic: every card and base is tried here, and none of them is needed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.architectures.registry import preset
from tools.backends.bases import read_table
from tools.backends.memory import SPARE, plan_drawing, plan_training
from tools.contracts.bases import BaseRow
from tools.contracts.memory import GB, DeviceFacts, MemoryPlan, Numbers, Residency, Task
from tools.contracts.training import LoraConfig
from tools.errors import FailedError

HALF = Numbers(storage=2, arithmetic=2, decoding=2)
ROWS = {row.name: row for row in read_table() if isinstance(row, BaseRow) and row.memory}
SDXL, FLUX = ROWS["sdxl"], ROWS["flux-schnell"]


def card(gb: float) -> DeviceFacts:
    return DeviceFacts(
        kind="cuda", name=f"a card of {gb:g} GB", total=int(gb * GB), free=int(gb * GB)
    )


def drawn(row: BaseRow, gb: float, batch: int = 1) -> MemoryPlan:
    return plan_drawing(row, row.memory, HALF, card(gb), batch=batch)


def trained(row: BaseRow, gb: float, **changes: object) -> MemoryPlan:
    config = preset("fast", row).model_copy(update=changes)
    return plan_training(row, row.memory, HALF, card(gb), config)


@pytest.mark.parametrize("gb", [8, 11, 22, 79])
def test_sdxl_trains_at_1024_on_every_card(gb: float) -> None:
    plan = trained(SDXL, gb)
    assert plan.peak is not None
    assert plan.peak.gb <= gb * (1 - SPARE)
    assert not plan.eight_bits
    assert plan.batch * plan.parts == 2


def test_a_large_card_computes_nothing_twice_and_small_ones_do() -> None:
    assert not trained(SDXL, 79).checkpointing
    assert trained(SDXL, 79).batch == 2
    assert not trained(FLUX, 79).checkpointing
    assert trained(SDXL, 11).checkpointing
    assert drawn(SDXL, 79, batch=8).batch == 8


def test_flux_trains_within_22_gb_in_eight_bits_and_not_within_11() -> None:
    plan = trained(FLUX, 22)
    assert plan.eight_bits
    assert plan.checkpointing
    said = "flux-schnell needs 14.8 GB to train even with 1 at a time, fp8 weights, checkpointing"
    with pytest.raises(FailedError, match=re.escape(said)):
        trained(FLUX, 11)


@pytest.mark.parametrize(
    ("row", "gb", "placement", "eight"),
    [
        (SDXL, 79, Residency.RESIDENT, False),
        (SDXL, 11, Residency.RESIDENT, False),
        (SDXL, 8, Residency.PARTS, False),
        (FLUX, 79, Residency.RESIDENT, False),
        (FLUX, 26, Residency.PARTS, False),
        (FLUX, 24, Residency.RESIDENT, True),
        (FLUX, 22, Residency.PARTS, True),
        (FLUX, 11, Residency.BLOCKS, False),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_models_leave_the_card_only_where_they_must(
    row: BaseRow, gb: float, placement: Residency, eight: bool
) -> None:
    plan = drawn(row, gb)
    assert (plan.residency, plan.eight_bits, plan.tiled) == (placement, eight, False)


def test_fewer_pictures_come_before_a_slower_way() -> None:
    plan = drawn(SDXL, 9.5, batch=8)
    assert plan.residency is Residency.RESIDENT
    assert 1 <= plan.batch < 8


def test_a_card_that_cannot_is_told_what_is_missing() -> None:
    with pytest.raises(FailedError) as said:
        trained(SDXL, 4)
    assert str(said.value) == (
        "sdxl needs 7.2 GB to train even with 1 at a time × 2, checkpointing, and a card of 4 GB has 4.0 "
        "GB free; close other programs, or take a smaller rank or resolution, or a smaller base"
    )


def test_text_encoders_that_learn_stay() -> None:
    frozen, learning = trained(SDXL, 79), trained(SDXL, 79, text_learning_rate=1e-6)
    assert [stage.name for stage in frozen.stages] == ["texts", "encoding", "denoiser"]
    terms = {term.what: term.gb for term in learning.stages[-1].terms}
    assert terms["texts"] == pytest.approx(frozen.stages[0].gb)
    assert learning.stages[-1].gb > frozen.stages[-1].gb


def test_texts_too_large_for_the_card_are_read_by_the_processor() -> None:
    plan = drawn(FLUX, 7)
    assert not plan.texts_here
    assert "texts on the processor" in plan.how


def test_a_cpu_computes_nothing_twice_and_streams_nothing() -> None:
    """Memory is where models already are: there is nowhere to bring them from."""
    facts = DeviceFacts(kind="cpu", name="this machine", total=64 * GB, free=60 * GB)
    full = Numbers(storage=4, arithmetic=4, decoding=4)
    plan = plan_training(SDXL, SDXL.memory, full, facts, preset("fast", SDXL))
    assert not plan.checkpointing
    with pytest.raises(FailedError, match=r"this machine has 60\.0 GB free"):
        plan_drawing(FLUX, FLUX.memory, full, facts, batch=1)


def test_a_base_of_unknown_size_is_tried_whole() -> None:
    plan = plan_drawing(SDXL, None, HALF, card(4), batch=4)
    assert (plan.batch, plan.residency, plan.stages) == (4, Residency.RESIDENT, ())
    assert plan.lines == (
        "sdxl, draw: 4 at a time, all models on the device; what it needs is not known",
    )


def test_the_arithmetic_is_said() -> None:
    head, texts, *_ = trained(SDXL, 22).lines
    assert head.startswith("sdxl, train: 20.")
    assert head.endswith("of 22.0 GB free; 2 at a time")
    assert texts == "  texts 1.52 GB = texts 1.52"


@given(
    row=st.sampled_from(list(ROWS.values())),
    task=st.sampled_from(list(Task)),
    gb=st.floats(1, 200),
    batch=st.integers(1, 16),
)
def test_a_plan_fits_or_is_refused(row: BaseRow, task: Task, gb: float, batch: int) -> None:
    """Whatever the card: no plan asks for more than is free, and every picture has its pass."""
    config = LoraConfig(steps=1, batch_size=batch, resolution=row.training_side)
    try:
        if task is Task.DRAW:
            plan = plan_drawing(row, row.memory, HALF, card(gb), batch=batch)
        else:
            plan = plan_training(row, row.memory, HALF, card(gb), config)
    except FailedError:
        assert gb < 16
        return
    assert all(stage.gb <= gb * (1 - SPARE) + 1e-6 for stage in plan.stages)
    assert plan.batch <= batch
    if task is Task.TRAIN:
        assert (plan.parts - 1) * plan.batch < batch <= plan.parts * plan.batch


def test_a_training_adapter_lies_beside_the_denoiser_in_full_precision() -> None:
    config = preset("fast", FLUX)
    plain, beside = (
        plan_training(FLUX, FLUX.memory, HALF, card(79), config, beside=millions)
        for millions in (0.0, 225.0)
    )
    assert plain.peak is not None
    assert beside.peak is not None
    assert beside.peak.gb - plain.peak.gb == pytest.approx(225e6 * 4 / GB)
    assert "training adapter" in {term.what for term in beside.peak.terms}
