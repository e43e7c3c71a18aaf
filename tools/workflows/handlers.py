"""The handlers of a studio: what is called for each kind of job.

The one table between the job queue and the verbs: a kind's name, its typed input and its typed
result.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

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
from tools.contracts.learning import LearnRequest, LoraMade
from tools.contracts.progress import ProgressSink
from tools.contracts.sets import GateRequest, PhotoSetRequest, ReferenceSetMade
from tools.contracts.shooting import ShootRequest, ShootResult
from tools.contracts.verdicts import GateReport
from tools.jobs.handler import AnyHandler, Handler, Payload, Result
from tools.services import Services
from tools.workflows.kinds import Kind


def build_handlers(services: Services) -> dict[str, AnyHandler]:
    """Return a handler for every kind, over one studio's services."""
    from tools.workflows.delivery.deliver import deliver
    from tools.workflows.lora.train import train
    from tools.workflows.people.casting import cast, cut_foreign_sheet
    from tools.workflows.sets.build_set import build_set
    from tools.workflows.sets.gate import gate_set
    from tools.workflows.sets.layers import draw_layer, store_layers
    from tools.workflows.sets.photos import take_photos
    from tools.workflows.shots.compare import compare
    from tools.workflows.shots.shoot import shoot

    def handler(
        payload: type[Payload],
        result: type[Result],
        verb: Callable[[Services, Payload, ProgressSink], Result],
    ) -> AnyHandler:
        return Handler(payload=payload, result=result, work=partial(verb, services))

    handlers: dict[str, AnyHandler] = {
        Kind.CAST: handler(CastingRequest, Candidates, cast),
        Kind.CUT_SHEET: handler(CutSheetRequest, Candidates, cut_foreign_sheet),
        Kind.LAYER: handler(LayerRequest, LayerMade, draw_layer),
        Kind.LAYERED_SET: handler(LayeredSetRequest, ReferenceSetMade, store_layers),
        # Its layers are jobs too, done by the handlers beside it.
        Kind.BUILD_SET: handler(
            BuildSetRequest, BuildSetMade, lambda *asked: build_set(*asked, handlers=handlers)
        ),
        Kind.PHOTOS: handler(PhotoSetRequest, ReferenceSetMade, take_photos),
        Kind.GATE: handler(GateRequest, GateReport, gate_set),
        Kind.TRAIN: handler(LearnRequest, LoraMade, train),
        Kind.SHOOT: handler(ShootRequest, ShootResult, shoot),
        Kind.COMPARE: handler(ShootRequest, ShootResult, compare),
        Kind.DELIVER: handler(DeliverRequest, DeliveryMade, deliver),
    }
    return handlers
