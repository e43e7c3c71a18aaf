"""What a base could do on this machine, or on a card of another size: its memory plans.

Knows bases, devices and presets; loads no weights.
"""

from __future__ import annotations

from collections.abc import Callable

from pydantic import Field

from tools.contracts.bases import BaseRow
from tools.contracts.memory import GB, DeviceFacts, Footprint, MemoryPlan, Numbers, Task
from tools.contracts.model import Contract
from tools.contracts.training import LoraConfig
from tools.errors import FailedError, SamecastError
from tools.services import Services

_ROOM_OF_A_CARD = 0.96
"""Share of a card's memory that is free before any task: driver and screen take the rest."""


class PlannedTask(Contract):
    """A plan, or why there is none."""

    task: Task
    plan: MemoryPlan | None
    refusal: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The plan and its arithmetic, or the refusal."""
        return self.plan.lines if self.plan else (self.refusal,)


class CardAsked(Contract):
    """A card that is not here."""

    gb: float = Field(gt=0, le=1024)
    """As it is sold."""

    @property
    def facts(self) -> DeviceFacts:
        """What such a card would say of itself, of a generation that has bf16."""
        total = int(self.gb * GB)
        name = f"a card of {self.gb:g} GB"
        return DeviceFacts(kind="cuda", name=name, total=total, free=int(total * _ROOM_OF_A_CARD))


def plans_of(
    services: Services, base: str, config: LoraConfig | None = None, card: CardAsked | None = None
) -> tuple[PlannedTask, ...]:
    """Plan drawing and training with a base.

    Args:
        services: the studio; its device, and what is free on it now.
        base: a base of the catalog; one that is installed is weighed, another taken as it is listed.
        config: settings of the run; the base's `fast` ones when not given.
        card: instead of the studio's device.

    Raises:
        UnknownName, BadInput: no such base on a machine, or no such device.
    """
    from tools.architectures.registry import preset
    from tools.backends.memory import plan_drawing, plan_training
    from tools.backends.training_adapters import millions_beside
    from tools.compute import (
        device_facts,
        drawing_compute,
        numbers_of,
        resolve_device,
        training_compute,
    )

    row = services.catalog.row(base)
    config = config or preset("fast", row)
    need = footprint_of(services, row)
    if card is None:
        device = resolve_device(services.settings.device)
        facts = device_facts(device)
        drawing = numbers_of(drawing_compute(row, device))
        training = numbers_of(training_compute(row, device, config.precision))
    else:
        facts = card.facts
        half = row.half_precision == "fp16"
        drawing = Numbers(storage=2, arithmetic=2, decoding=4 if half else 2)
        training = drawing.model_copy(update={"decoding": 2})
    batch = services.settings.batch_size
    beside = millions_beside(services.catalog, row.trained_on or row.name)
    return (
        _planned(Task.DRAW, lambda: plan_drawing(row, need, drawing, facts, batch=batch)),
        _planned(
            Task.TRAIN, lambda: plan_training(row, need, training, facts, config, beside=beside)
        ),
    )


def footprint_of(services: Services, row: BaseRow) -> Footprint | None:
    """What a base needs: weighed where it is installed, else as it is listed; None where nobody knows."""
    from tools.backends.weights import weighed

    if row.memory is None:
        return None
    try:
        return weighed(row.memory, services.catalog.folder(row.name))
    except SamecastError:
        return row.memory


def _planned(task: Task, find: Callable[[], MemoryPlan]) -> PlannedTask:
    try:
        return PlannedTask(task=task, plan=find())
    except FailedError as error:
        return PlannedTask(task=task, plan=None, refusal=str(error))
