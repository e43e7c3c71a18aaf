"""Finds how a base draws or trains within the memory that a device has free.

One pure function a task: footprint × numbers × free memory → plan. Ways are tried from the fastest to the one
that needs least, and the first that fits is taken. Knows arithmetic only; must not ask a device or load
anything. `python -m bench.memory` holds its estimates against the real configurations.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from tools.contracts.bases import BaseRow
from tools.contracts.memory import (
    GB,
    DeviceFacts,
    Footprint,
    MemoryPlan,
    Numbers,
    PlanStage,
    PlanTerm,
    Residency,
    Task,
)
from tools.contracts.model import Size
from tools.contracts.training import LoraConfig
from tools.errors import FailedError

MEGAPIXEL = 2**20
SPARE = 0.06
"""Share of the free memory that is lost between tensors of unlike sizes."""
_ADAPTERS, _RANK = 2, 32
"""Adapters beside the weights that a drawing plan leaves room for, and their rank."""
_TRAINED_BYTES = 16
"""Of a trained parameter: itself, its gradient and AdamW's two averages, all in fp32."""
_TILES = 4
"""A tile's share of a picture: an area of a quarter."""
_FULL = 4
"""Bytes of a number in full precision."""


def plan_drawing(
    row: BaseRow,
    need: Footprint | None,
    numbers: Numbers,
    facts: DeviceFacts,
    *,
    batch: int,
    size: Size | None = None,
) -> MemoryPlan:
    """Plan drawing.

    Args:
        row: the base.
        need: what it needs; None where that is not known.
        numbers: what it is drawn in.
        facts: the device.
        batch: pictures in one pass that are wanted; fewer are taken before models leave the device.
        size: of the pictures; the row's default when not given.

    Raises:
        FailedError: nothing fits; says what is needed, what is free and what would change that.
    """
    if need is None:
        return MemoryPlan(base=row.name, task=Task.DRAW, batch=batch)
    area = _megapixels(size or row.sizes[0])
    plans = (
        _drawing(row, need, numbers, facts, way, area) for way in _drawing_ways(batch, facts, need)
    )
    return _first_that_fits(plans, facts, "a smaller size or a smaller base")


@dataclass(frozen=True)
class _DrawingWay:
    residency: Residency
    eight_bits: bool
    tiled: bool
    batch: int


def _drawing_ways(batch: int, facts: DeviceFacts, need: Footprint) -> Iterator[_DrawingWay]:
    """From the fastest on: fewer pictures, eight bits, one model at a time, blocks, tiles."""
    resident, parts, blocks = Residency.RESIDENT, Residency.PARTS, Residency.BLOCKS
    eight = need.eight_bits and facts.is_card
    kinds = [(resident, False)]
    if facts.is_card:
        kinds += [
            (parts, False),
            *([(resident, True), (parts, True)] if eight else []),
            (blocks, False),
        ]
    for tiled, (placement, bits) in product((False, True), kinds):
        for count in _halvings(batch):
            yield _DrawingWay(placement, bits, tiled, count)


def _drawing(
    row: BaseRow,
    need: Footprint,
    numbers: Numbers,
    facts: DeviceFacts,
    way: _DrawingWay,
    area: float,
) -> MemoryPlan:
    alone = way.residency is not Residency.RESIDENT
    weighing = max(numbers.storage, numbers.decoding)
    denoiser = PlanTerm(what="denoiser", gb=_denoiser(need, numbers, way))
    texts = PlanTerm(what="texts", gb=numbers.weights(sum(need.texts)))
    autoencoder = PlanTerm(what="autoencoder", gb=numbers.weights(need.autoencoder, weighing))
    side = PlanTerm(what="adapters", gb=numbers.weights(need.adapter * _RANK * _ADAPTERS))
    resident = () if alone else (texts, autoencoder)
    there = (autoencoder,) if alone else (denoiser, side, *resident)
    drawn = numbers.working(need.draw) * area * way.batch
    one = numbers.decoded(need.decode) * area / (_TILES if way.tiled else 1)
    together = PlanStage(name="decoding", terms=(*there, _pictures(one * way.batch)))
    sliced = way.batch > 1 and (way.tiled or together.gb > _budget(facts))
    by_one = PlanStage(name="decoding", terms=(*there, _pictures(one)))
    stages = [
        PlanStage(name="denoiser", terms=(denoiser, side, *resident, _pictures(drawn))),
        by_one if sliced else together,
    ]
    texts_here = not alone or not facts.is_card or texts.gb <= _budget(facts)
    if alone and texts_here:
        stages.insert(0, PlanStage(name="texts", terms=(texts,)))
    return MemoryPlan(
        base=row.name,
        task=Task.DRAW,
        batch=way.batch,
        eight_bits=way.eight_bits,
        residency=way.residency,
        texts_here=texts_here,
        sliced=sliced,
        tiled=way.tiled,
        stages=tuple(stages),
        free_gb=facts.free / GB,
    )


def _denoiser(need: Footprint, numbers: Numbers, way: _DrawingWay) -> float:
    if way.residency is Residency.BLOCKS:
        return 2 * numbers.weights(need.block)
    return numbers.weights(need.denoiser, 1 if way.eight_bits else None)


def plan_training(
    row: BaseRow,
    need: Footprint | None,
    numbers: Numbers,
    facts: DeviceFacts,
    config: LoraConfig,
    *,
    beside: float = 0.0,
) -> MemoryPlan:
    """Plan training of an adapter; the arguments are those of `plan_drawing`, and the run's settings.

    `beside` are millions of parameters: of a frozen adapter in fp32 that the base is trained beside.

    Texts are read first and let go, then pictures are encoded and the autoencoder let go; then the
    denoiser comes. Text encoders that learn stay.

    Raises:
        FailedError: nothing fits; says what is needed, what is free and what would change that.
    """
    if need is None:
        return MemoryPlan(base=row.name, task=Task.TRAIN, batch=config.batch_size)
    plans = (
        _training(row, need, numbers, facts, config, way, beside)
        for way in _training_ways(config.batch_size, facts, need)
    )
    return _first_that_fits(plans, facts, "a smaller rank or resolution, or a smaller base")


@dataclass(frozen=True)
class _TrainingWay:
    eight_bits: bool
    checkpointing: bool
    batch: int


def _training_ways(batch: int, facts: DeviceFacts, need: Footprint) -> Iterator[_TrainingWay]:
    """From the fastest on: everything kept, fewer at a time, blocks computed again, eight bits."""
    for checkpointing in (False, True) if facts.is_card else (False,):
        for count in _halvings(batch):
            yield _TrainingWay(False, checkpointing, count)
    if need.eight_bits and facts.is_card:
        for count in _halvings(batch):
            yield _TrainingWay(True, True, count)


def _training(
    row: BaseRow,
    need: Footprint,
    numbers: Numbers,
    facts: DeviceFacts,
    config: LoraConfig,
    way: _TrainingWay,
    beside: float,
) -> MemoryPlan:
    area = config.resolution**2 / MEGAPIXEL
    learns_text = config.text_learning_rate is not None
    texts = PlanTerm(what="texts", gb=numbers.weights(sum(need.texts)))
    texts_here = learns_text or not facts.is_card or texts.gb <= _budget(facts)
    together = next(
        (count for count in (4, 2, 1) if _encoding(need, area, count).gb <= _budget(facts)), 1
    )
    trained = need.adapter + (need.text_adapter if learns_text else 0.0)
    working = need.learn_checkpointed if way.checkpointing else need.learn
    denoiser = PlanStage(
        name="denoiser",
        terms=(
            PlanTerm(
                what="denoiser",
                gb=numbers.weights(need.denoiser, 1 if way.eight_bits else None),
            ),
            PlanTerm(what="adapter", gb=trained * config.rank * 1e6 * _TRAINED_BYTES / GB),
            *((texts,) if learns_text else ()),
            *((PlanTerm(what="training adapter", gb=beside * 1e6 * _FULL / GB),) if beside else ()),
            _pictures(numbers.working(working) * area * way.batch),
        ),
    )
    reading = (PlanStage(name="texts", terms=(texts,)),) if texts_here else ()
    return MemoryPlan(
        base=row.name,
        task=Task.TRAIN,
        batch=way.batch,
        parts=math.ceil(config.batch_size / way.batch),
        checkpointing=way.checkpointing,
        eight_bits=way.eight_bits,
        texts_here=texts_here,
        encode_together=together,
        stages=(*reading, _encoding(need, area, together), denoiser),
        free_gb=facts.free / GB,
    )


def _encoding(need: Footprint, area: float, together: int) -> PlanStage:
    """The autoencoder is held in fp32: in half precision some give no finite latent."""
    full = Numbers(storage=_FULL, arithmetic=_FULL, decoding=_FULL)
    weights = PlanTerm(what="autoencoder", gb=full.weights(need.autoencoder))
    return PlanStage(
        name="encoding", terms=(weights, _pictures(full.working(need.encode) * area * together))
    )


def _first_that_fits(plans: Iterator[MemoryPlan], facts: DeviceFacts, instead: str) -> MemoryPlan:
    tried: list[MemoryPlan] = []
    for plan in plans:
        if _needed(plan) <= _budget(facts):
            return plan
        tried.append(plan)
    raise FailedError(_refusal(tried, facts, instead))


def _refusal(tried: Sequence[MemoryPlan], facts: DeviceFacts, instead: str) -> str:
    least = min(tried, key=_needed)
    needed = _needed(least) / (1 - SPARE)
    return (
        f"{least.base} needs {needed:.1f} GB to {least.task} even with {least.how}, and {facts.name} "
        f"has {facts.free / GB:.1f} GB free; close other programs, or take {instead}"
    )


def _needed(plan: MemoryPlan) -> float:
    return max((stage.gb for stage in plan.stages), default=0.0)


def _budget(facts: DeviceFacts) -> float:
    """GB that a plan may use."""
    return facts.free / GB * (1 - SPARE)


def _pictures(gb: float) -> PlanTerm:
    return PlanTerm(what="pictures", gb=gb)


def _megapixels(size: Size) -> float:
    return size.width * size.height / MEGAPIXEL


def _halvings(batch: int) -> Iterator[int]:
    while batch > 1:
        yield batch
        batch //= 2
    yield 1
