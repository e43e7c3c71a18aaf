"""What each kind of job is, one value a kind: what it takes and gives, who does it, how it is counted.

The one table between the job queue and the verbs. Verbs are imported when a job of theirs is run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Generic, Literal

from tools.contracts.bases import AddBaseRequest, BaseAdded
from tools.contracts.casting import (
    BuildSetMade,
    BuildSetRequest,
    Candidates,
    CastingRequest,
    CutSheetRequest,
    LayeredSetRequest,
    LayerMade,
    LayerRequest,
)
from tools.contracts.delivery import DeliverRequest, DeliveryMade
from tools.contracts.learning import AddLoraRequest, LearnRequest, LoraAdded, LoraMade
from tools.contracts.progress import ProgressSink
from tools.contracts.sets import GateRequest, PhotoSetRequest, ReferenceSetMade
from tools.contracts.shooting import ShootRequest, ShootResult
from tools.contracts.verdicts import GateReport
from tools.jobs.handler import AnyHandler, Handler, Payload, Result
from tools.services import Services
from tools.store.job import Job
from tools.workflows.kinds import Kind

Work = Literal["cast", "references", "train", "shoot", "base"]
"""What a person calls some kinds by, when they are cancelled together."""
Verb = Callable[[Services, Payload, ProgressSink], Result]


def _one(job: Job) -> int:  # noqa: ARG001 (as every count is asked)
    return 1


@dataclass(frozen=True)
class JobKind(Generic[Payload, Result]):
    """One kind of job."""

    request: type[Payload]
    result: type[Result]
    verb: Callable[[], Verb[Payload, Result]]
    """Imports the function that does it."""
    part_of: Work | None
    """What it is cancelled with; None for what is over at once."""
    prepares: bool = False
    """Whether it brings a character nearer to the shots."""
    needs_gpu: bool = False
    """Whether it draws or trains: it goes where the base is installed. On one machine every worker does
    every kind; the queue over several machines will send these to those with a GPU."""
    units: Callable[[Job], int] = _one
    """How many takes, steps or candidates a done job made; its wall time is told by the unit."""

    def handler(self, services: Services) -> AnyHandler:
        """What a worker calls for it, over one studio's services."""

        def work(payload: Payload, progress: ProgressSink) -> Result:
            return self.verb()(services, payload, progress)

        return Handler(payload=self.request, result=self.result, work=work)


AnyKind = JobKind[Any, Any]


@lru_cache(maxsize=1)
def job_kinds() -> Mapping[Kind, AnyKind]:
    """Every kind by its name."""
    # One verb draws takes and sketches; every one is reported as progress, so that no result need be read.
    drawn = JobKind(
        ShootRequest,
        ShootResult,
        _shoot,
        part_of="shoot",
        needs_gpu=True,
        units=lambda job: job.done,
    )
    kinds: dict[Kind, AnyKind] = {
        Kind.CAST: JobKind(
            CastingRequest,
            Candidates,
            _cast,
            part_of="cast",
            prepares=True,
            needs_gpu=True,
            units=lambda job: CastingRequest.model_validate_json(job.payload).candidates,
        ),
        Kind.CUT_SHEET: JobKind(
            CutSheetRequest, Candidates, _cut_sheet, part_of="cast", prepares=True
        ),
        Kind.LAYER: JobKind(LayerRequest, LayerMade, _layer, part_of="references", needs_gpu=True),
        Kind.LAYERED_SET: JobKind(
            LayeredSetRequest, ReferenceSetMade, _layered_set, part_of="references", prepares=True
        ),
        Kind.BUILD_SET: JobKind(
            BuildSetRequest,
            BuildSetMade,
            _build_set,
            part_of="references",
            prepares=True,
            needs_gpu=True,
        ),
        Kind.PHOTOS: JobKind(
            PhotoSetRequest, ReferenceSetMade, _photos, part_of="references", prepares=True
        ),
        Kind.GATE: JobKind(GateRequest, GateReport, _gate, part_of="references", prepares=True),
        Kind.TRAIN: JobKind(
            LearnRequest,
            LoraMade,
            _train,
            part_of="train",
            prepares=True,
            needs_gpu=True,
            units=lambda job: LearnRequest.model_validate_json(job.payload).config.steps,
        ),
        Kind.ADD_LORA: JobKind(
            AddLoraRequest, LoraAdded, _add_lora, part_of="train", prepares=True, needs_gpu=True
        ),
        Kind.SHOOT: drawn,
        Kind.SKETCH: drawn,
        Kind.COMPARE: JobKind(ShootRequest, ShootResult, _compare, part_of="shoot", needs_gpu=True),
        Kind.DELIVER: JobKind(DeliverRequest, DeliveryMade, _deliver, part_of=None),
        Kind.ADD_BASE: JobKind(AddBaseRequest, BaseAdded, _add_base, part_of="base"),
    }
    return MappingProxyType(kinds)


def build_handlers(services: Services) -> dict[str, AnyHandler]:
    """Return a handler for every kind, over one studio's services."""
    return {kind: value.handler(services) for kind, value in job_kinds().items()}


def _cast() -> Verb[CastingRequest, Candidates]:
    from tools.workflows.people.casting import cast

    return cast


def _cut_sheet() -> Verb[CutSheetRequest, Candidates]:
    from tools.workflows.people.casting import cut_foreign_sheet

    return cut_foreign_sheet


def _layer() -> Verb[LayerRequest, LayerMade]:
    from tools.workflows.sets.layers import draw_layer

    return draw_layer


def _layered_set() -> Verb[LayeredSetRequest, ReferenceSetMade]:
    from tools.workflows.sets.build.handing_over import store_layers

    return store_layers


def _build_set() -> Verb[BuildSetRequest, BuildSetMade]:
    """Its layers are jobs too, done by the handlers beside it."""
    from tools.workflows.sets.build.build_set import build_set

    return lambda services, request, progress: build_set(
        services, request, progress, handlers=build_handlers(services)
    )


def _photos() -> Verb[PhotoSetRequest, ReferenceSetMade]:
    from tools.workflows.sets.photos.take_photos import take_photos

    return take_photos


def _gate() -> Verb[GateRequest, GateReport]:
    from tools.workflows.sets.gate import gate_set

    return gate_set


def _train() -> Verb[LearnRequest, LoraMade]:
    from tools.workflows.lora.train import train

    return train


def _add_lora() -> Verb[AddLoraRequest, LoraAdded]:
    from tools.workflows.lora.add import add_lora

    return add_lora


def _shoot() -> Verb[ShootRequest, ShootResult]:
    from tools.workflows.shots.shoot.shoot import shoot

    return shoot


def _compare() -> Verb[ShootRequest, ShootResult]:
    from tools.workflows.shots.compare import compare

    return compare


def _deliver() -> Verb[DeliverRequest, DeliveryMade]:
    from tools.workflows.delivery.deliver import deliver

    return deliver


def _add_base() -> Verb[AddBaseRequest, BaseAdded]:
    from tools.workflows.bases.install_base import install_base

    return install_base
