"""`build_references`: the reference set layer by layer from the chosen face, and what came of it."""

from __future__ import annotations

from collections import Counter

from pydantic import Field

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.common import (
    ask_for,
    badly_ended,
    base_name,
    character_of,
)
from agent.toolkit.set_pictures import layer_pictures, set_pictures, show_references
from agent.toolkit.tool import ChatTool, always
from tools.contracts.casting import BuildSetMade, BuildSetRequest, LayerMade
from tools.contracts.model import Contract, Name
from tools.contracts.outfits import Wardrobe
from tools.contracts.progress import ProgressSink
from tools.contracts.sets import ReferenceSetMade
from tools.jobs.keys import job_key
from tools.jobs.local_worker import read_result
from tools.language.text import plural
from tools.qc.gate import MINIMUM
from tools.store.job import Job
from tools.workflows.kinds import Kind
from tools.workflows.sets.build.layered_draft import (
    LayeredDraft,
    find_layered_draft,
    keep_draft,
    plan_build,
)
from tools.workflows.sets.build.set_building import planned_layers
from tools.workflows.sets.review.reroll import next_set
from tools.workflows.sets.review.set_review import newest_stored_set

MOST_REASONS = 4
"""Reasons that are said for images that could not be drawn, the most frequent first."""


class BuildReferences(Contract):
    """Draw the reference set layer by layer from the chosen face."""

    character: Name
    images: int = Field(default=20, ge=12, le=60)
    wardrobe: Wardrobe = Field(
        default=Wardrobe.LOCKED,
        description="varied: other clothes in every image, so that none is learned with the person.",
    )
    review: bool = Field(
        default=False, description="Stop after each layer for the director to look."
    )


def build_references(
    arguments: BuildReferences, context: ChatContext, _watch: ProgressSink
) -> Answer:
    """Start drawing the set, whole or its first layer; a set on its way goes on.

    A finished set that the gate refuses or that was dropped from is drawn again, others in place of the
    bad images.

    Raises:
        UnknownName: no such character.
        Refused: no face is chosen.
    """
    character = character_of(context, arguments.character)
    request = plan_build(
        context.services,
        context.production,
        character,
        base_name(context),
        size=arguments.images,
        review=arguments.review,
        wardrobe=arguments.wardrobe,
    )
    draft = find_layered_draft(context.services, character.id)
    if draft is not None and _is_same_set(draft, request):
        if arguments.review:
            request = draft.request
        else:
            request = request.model_copy(update={"dropped": tuple(sorted(draft.dropped))})
    return start_layers(context, character.id, next_set(context.services, character.id, request))


def start_layers(context: ChatContext, character_id: str, request: BuildSetRequest) -> Answer:
    """Ask for the job of a request and keep it as the draft; say what goes on."""
    was_done = context.jobs.is_done(job_key(Kind.BUILD_SET, request))
    if not was_done or request.layers is not None:
        # Kept before the job is asked for: a worker may end it, and the draft with it, at once.
        keep_draft(context.services, character_id, request)
    asked = ask_for(context, Kind.BUILD_SET, request)
    if asked.was_done and request.layers is None:
        return _there_already(context, asked.job, request)
    if asked.was_done:
        answer = build_references_report(context, asked.job)
        return answer.model_copy(update={"text": f"It is there already. {answer.text}"})
    what = _what(request)
    how = "is being drawn already" if asked.was_waiting else "is started"
    few = (
        f" The gate asks for at least {MINIMUM} images, so a set of {request.size} cannot pass."
        if request.size < MINIMUM
        else ""
    )
    return Answer(text=f"{what[0].upper()}{what[1:]} {how}.{few}", jobs=asked.jobs)


def build_references_report(context: ChatContext, job: Job) -> Answer:
    """Show the layers so far, or the finished set, and say what comes next."""
    request = BuildSetRequest.model_validate_json(job.payload)
    what = _what(request)
    failed = badly_ended(job, f"{what[0].upper()}{what[1:]}")
    if failed is not None:
        return failed
    made = read_result(job, BuildSetMade)
    if made.finished is None:
        return _layers(context, request, made.made)
    return _finished(context, request, made.made, made.finished)


def _card(arguments: BuildReferences, _context: ChatContext) -> str:
    clothes = ", in other clothes each" if arguments.wardrobe is Wardrobe.VARIED else ""
    return f"Draw a reference set of {arguments.images} images of {arguments.character}{clothes}."


def _is_same_set(draft: LayeredDraft, request: BuildSetRequest) -> bool:
    changes = {"layers": None, "dropped": ()}
    return draft.request.model_copy(update=changes) == request.model_copy(update=changes)


def _what(request: BuildSetRequest) -> str:
    layers = planned_layers(request.size)
    if request.layers is None:
        return f"the drawing of {request.character}'s reference set ({request.size} images)"
    number = min(request.layers, len(layers))
    layer = layers[number - 1].layer
    return f"layer {number} of {len(layers)} ({layer}) of {request.character}'s references"


def _layers(context: ChatContext, request: BuildSetRequest, made: tuple[LayerMade, ...]) -> Answer:
    character = character_of(context, request.character)
    draft = find_layered_draft(context.services, character.id)
    dropped = draft.dropped if draft is not None else frozenset(request.dropped)
    kept = [image for layer in made for image in layer.images if image.position not in dropped]
    pictures = layer_pictures(kept)
    if draft is not None and draft.request == request:
        show_references(context, request.character, pictures)
    more = (
        "Say which numbers to drop, or ask for the next layer."
        if len(made) < len(planned_layers(request.size))
        else "All layers are drawn: say which numbers to drop, or ask for the next step to finish the set."
    )
    return Answer(
        text=f"{request.character}'s references: {_layer_line(made[-1])} {more}", pictures=pictures
    )


def _layer_line(layer: LayerMade) -> str:
    gone = f", {len(layer.given_up)} given up" if layer.given_up else ""
    mean = "" if layer.csfd_mean is None else f", mean distance {layer.csfd_mean:.3f}"
    return f"{layer.layer}, {len(layer.images)} kept of {layer.drawn} drawn{gone}{mean}."


def _finished(
    context: ChatContext,
    request: BuildSetRequest,
    made: tuple[LayerMade, ...],
    finished: ReferenceSetMade,
) -> Answer:
    said = [
        f"Reference set v{finished.version} of {request.character} is there: "
        f"{plural(finished.count, 'image')}.",
        *(_layer_line(layer).capitalize() for layer in made),
        *_not_drawn(request, made, finished),
    ]
    found = newest_stored_set(context.services, character_of(context, request.character).id)
    if found is None or found.row.id != finished.reference_set_id:
        return Answer(text=" ".join([*said, "A newer set has been made since."]))
    pictures = set_pictures(found)
    show_references(context, request.character, pictures)
    return Answer(text=" ".join([*said, _next(request, finished)]), pictures=pictures)


def _not_drawn(
    request: BuildSetRequest, made: tuple[LayerMade, ...], finished: ReferenceSetMade
) -> list[str]:
    """What no round brought, where the set has fewer images than were asked for."""
    if finished.count >= request.size:
        return []
    reasons = Counter(each.reason.split("; ")[0] for layer in made for each in layer.given_up)
    said = ", ".join(f"{reason} ({count}×)" for reason, count in reasons.most_common(MOST_REASONS))
    return [f"What could not be drawn: {said}."] if said else []


def _next(request: BuildSetRequest, finished: ReferenceSetMade) -> str:
    if finished.count >= MINIMUM:
        return "Next: ask the gate."
    again = "with another seed" if request.size >= MINIMUM else f"{MINIMUM} of them"
    return (
        f"The gate asks for at least {MINIMUM} images. Next: build references again, {again}, "
        f"or choose another face of {request.character}, or bring photos."
    )


def _there_already(context: ChatContext, job: Job, request: BuildSetRequest) -> Answer:
    answer = build_references_report(context, job)
    return answer.model_copy(
        update={
            "text": f"This set was drawn before from the same face. {answer.text} "
            f"Choose another face of {request.character} for another set."
        }
    )


TOOL = ChatTool(
    "build_references",
    BuildReferences,
    build_references,
    card=_card,
    draws=always,
    reports={Kind.BUILD_SET: build_references_report},
)
