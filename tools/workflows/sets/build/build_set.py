"""A layered reference set as one job: every layer is a job of its own inside it.

Killed anywhere and started again, it costs only the layer that was not finished. Knows how the stages
are run; what they do stands in `tools.workflows.sets.build.set_building`.
"""

from __future__ import annotations

from collections.abc import Mapping

from tools.contracts.casting import BuildSetMade, BuildSetRequest
from tools.contracts.progress import ProgressSink
from tools.jobs.handler import AnyHandler
from tools.jobs.local_worker import LocalWorker
from tools.services import Services
from tools.workflows.people.characters import load_character
from tools.workflows.sets.build.layered_draft import end_layered_draft
from tools.workflows.sets.build.set_building import SetBuilder, SetOptions
from tools.workflows.stages import StageRunner


def build_set(
    services: Services,
    request: BuildSetRequest,
    progress: ProgressSink,
    *,
    handlers: Mapping[str, AnyHandler],
) -> BuildSetMade:
    """Draw so many layers, or the rest, and then store the set.

    Args:
        services: the studio.
        request: the set.
        progress: called as the layers are drawn.
        handlers: of the layers' jobs.

    Raises:
        Refused: no portrait has a readable face, or no layer kept an image.
        BaseUnavailable: the base is not installed.
        Cancelled: from `progress`; finished layers are kept.
    """
    worker = LocalWorker(services.database, handlers)
    options = SetOptions(
        production=request.production,
        character=request.character,
        base=request.base,
        size=request.size,
        seed=request.seed,
        candidates=1,
        calibration=request.calibration,
        steps=request.steps,
        wardrobe=request.wardrobe,
    )
    builder = SetBuilder(services, StageRunner(worker, progress), options)
    state = builder.layers_of(request.portraits, drop=request.dropped, most=request.layers)
    if state.finished is not None:
        character = load_character(services, request.production, request.character)
        end_layered_draft(services, request, character.id)
    return BuildSetMade(made=state.made, finished=state.finished)
