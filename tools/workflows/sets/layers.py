"""The paper's layers: every image drawn from an accepted one of the layer before, measured, re-rolled.

Knows requests, faces and the roll machine of `tools.references`; must not decide what a director
drops: each layer's result is reviewed before the next is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from tools.contracts.bases import BaseRow
from tools.contracts.casting import GivenUp, LayerMade, LayerRequest
from tools.contracts.faces import Face, OutfitSeen
from tools.contracts.images import ImageRequest, Purpose
from tools.contracts.outfits import WantedOutfit
from tools.contracts.parts import FaceEmbedder, StepSink
from tools.contracts.photography import Framing, Layer
from tools.contracts.progress import Progress, ProgressSink
from tools.contracts.references import PlannedImage, SetImage
from tools.contracts.shots import ComposedPrompt
from tools.contracts.verdicts import Calibration, Outcome
from tools.errors import Refused
from tools.imaging.measures import pixel_distance
from tools.imaging.pictures import encode_png, load_picture
from tools.jobs.keys import job_key
from tools.language.prompt.prompt import reference_caption
from tools.language.prompt.vocabulary import load_vocabulary
from tools.qc.csfd import take_distance
from tools.qc.image_rules import GateInput, ImageFacts, judge_image
from tools.qc.readable import Readability, reading_of
from tools.references.framings import reframe
from tools.references.layers import layer_graph
from tools.references.rolls import Candidate, LayerRun, Measured, Roll, start_layer
from tools.services import Services
from tools.store.character import DEFAULT_LOOK
from tools.workflows.bases.calibrations import Eyes, open_eyes
from tools.workflows.bases.form import (
    FormAsked,
    FormCheck,
    FormFound,
    look_at_form,
    open_form_check,
)
from tools.workflows.drawing import Bill, draw, told_by_steps
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import LoadedCharacter, load_character
from tools.workflows.people.outfits import wanted_outfits
from tools.workflows.sets.captions import Seen, compose_seen
from tools.workflows.shots.shoot.requests import frame_of


@dataclass(frozen=True)
class Drawn:
    """A candidate with its picture and what was seen in it."""

    digest: str
    caption: str
    face: Face | None
    measured: Measured


@dataclass(frozen=True)
class LayerJob:
    """Everything that stays the same while one layer is made."""

    services: Services
    seer: FaceEmbedder
    request: LayerRequest
    character: LoadedCharacter
    row: BaseRow
    calibration: Calibration
    anchors: tuple[tuple[float, ...], ...]
    """Unit embeddings of the anchor portraits."""
    form: FormCheck | None
    """Looks at heads and clothes, where the base's pictures can be read so."""
    outfit: WantedOutfit | None
    """The clothes that the identity block says, and the hair that the chosen portraits show."""

    def wanted(self, planned: PlannedImage) -> WantedOutfit | None:
        """What an image is to show of clothes and hair."""
        if self.outfit is None or planned.garment is None:
            return self.outfit
        colour = load_vocabulary(self.row.vocabulary).colour_in("wardrobe", planned.garment)
        return self.outfit.model_copy(update={"garment": colour, "garment_noun": "garment"})

    @property
    def bill(self) -> Bill:
        """What its pictures are booked on."""
        return Bill(self.services, self.character.production_id, job_key(Kind.LAYER, self.request))


def draw_layer(services: Services, request: LayerRequest, progress: ProgressSink) -> LayerMade:
    """Make one layer.

    Raises:
        Refused: no anchor portrait has a readable face, or there is nothing to draw from.
        Cancelled: from `progress`.
    """
    if not request.parents:
        raise Refused(f"layer {request.layer} has no accepted image to be drawn from")
    eyes = open_eyes(services, request.calibration)
    job = _layer_job(services, request, eyes)
    run = start_layer(
        layer_graph(job.row.layers).spec(request.layer),
        request.planned,
        request.parents,
        threshold=eyes.calibration.threshold,
        base_seed=request.seed,
    )
    drawn: dict[int, Drawn] = {}
    while run.pending:
        place = Progress(
            stage=str(request.layer),
            done=len(run.settled),
            total=len(request.planned),
            note=f"{len(run.pending)} under way",
        )
        made = _draw(job, run.pending, told_by_steps(progress, place))
        drawn.update({c.seed: d for c, d in zip(run.pending, made, strict=True)})
        run = run.report(tuple(each.measured for each in made))
        note = f"{len(run.pending)} to draw again"
        progress(place.model_copy(update={"done": len(run.settled), "note": note}))
    return _made(request, run, drawn)


def _layer_job(services: Services, request: LayerRequest, eyes: Eyes) -> LayerJob:
    character = load_character(services, request.production, request.character)
    row = services.catalog.row(request.base)
    form = open_form_check(services, row)
    looks: Mapping[str, WantedOutfit] = {}
    if form is not None and form.bars is not None:
        vocabulary = load_vocabulary(row.vocabulary)
        shown = _hair_of(form, [services.files.path(digest) for digest in request.anchors])
        looks = wanted_outfits(services, character, vocabulary, shown)
    return LayerJob(
        services=services,
        seer=eyes.seer,
        request=request,
        character=character,
        row=row,
        calibration=eyes.calibration,
        anchors=_anchor_embeddings(services, eyes.seer, request.anchors),
        form=form,
        outfit=looks.get(DEFAULT_LOOK),
    )


def _hair_of(form: FormCheck, portraits: Sequence[Path]) -> list[OutfitSeen]:
    """What the chosen portraits show of hair; of clothes the words count, which can still be drawn."""
    seen = form.outfits([load_picture(path) for path in portraits])
    return [each.model_copy(update={"garment": ()}) for each in seen if each is not None]


def sheet_parents(portraits: Sequence[str]) -> tuple[SetImage, ...]:
    """Return a chosen sheet's portraits as parents of the first layer; their views are unknown."""
    return tuple(
        SetImage(
            file=f"sheet_{number}.png",
            digest=digest,
            layer=Layer.SHEET,
            framing=Framing.CLOSE_UP,
        )
        for number, digest in enumerate(portraits, start=1)
    )


def _anchor_embeddings(
    services: Services, seer: FaceEmbedder, digests: Sequence[str]
) -> tuple[tuple[float, ...], ...]:
    pictures = [load_picture(services.files.path(digest)) for digest in digests]
    found = seer.faces(pictures)
    read = tuple(faces[0].embedding for faces in found if faces)
    if not read:
        raise Refused("no portrait of the chosen sheet has a readable face; choose another face")
    return read


def _draw(job: LayerJob, candidates: Sequence[Candidate], told: StepSink) -> list[Drawn]:
    composed = [_compose(job, candidate) for candidate in candidates]
    starts = [_start_picture(job, candidate) for candidate in candidates]
    asked = [
        _request(job, candidate, words, digest)
        for candidate, words, (digest, _) in zip(candidates, composed, starts, strict=True)
    ]
    pictures = [result.image for result in draw(job.bill, asked, told)]
    found = job.seer.faces(pictures)
    meant = [FormAsked(each.planned.framing, job.wanted(each.planned)) for each in candidates]
    forms = look_at_form(job.form, pictures, meant)
    return [
        Drawn(
            digest=job.services.files.put_bytes(encode_png(picture), ".png").digest,
            caption=reference_caption(job.character.name, words),
            face=faces[0] if faces else None,
            measured=replace(
                _measured(job, candidate, faces, form),
                change=pixel_distance(picture, start),
                form=form.sureness,
            ),
        )
        for candidate, picture, words, faces, form, (_, start) in zip(
            candidates, pictures, composed, found, forms, starts, strict=True
        )
    ]


def _measured(
    job: LayerJob, candidate: Candidate, faces: Sequence[Face], form: FormFound
) -> Measured:
    """Judge a picture as the gate will, against the anchor portraits."""
    planned = candidate.planned
    face = faces[0] if len(faces) == 1 else None
    distance = None if face is None else take_distance(face.embedding, job.anchors).centroid
    image = GateInput(
        str(planned.position),
        faces,
        planned.framing,
        planned.view,
        fault=form.fault,
        outfit_faults=form.outfit_faults,
    )
    judged = judge_image(ImageFacts(image, distance, job.calibration))
    is_refused = judged.verdict is Outcome.REJECT
    return Measured(
        distance=distance,
        refused=judged.reason if is_refused else None,
        is_hint=not is_refused and face is not None and reading_of(face) is not Readability.GOOD,
    )


def _compose(job: LayerJob, candidate: Candidate) -> ComposedPrompt:
    planned = candidate.planned
    seen = Seen(
        framing=planned.framing,
        view=planned.view,
        expression=planned.expression,
        light=planned.light,
        place=planned.place,
        angle=planned.angle,
        action=planned.action,
        garment=planned.garment,
    )
    return compose_seen(job.services, job.character, job.row, seen)


def _start_picture(job: LayerJob, candidate: Candidate) -> tuple[str, Image.Image]:
    """Lay the parent out as the wanted framing shows it, in the production's frame, and store it."""
    parent = candidate.parent
    picture = reframe(
        load_picture(job.services.files.path(parent.digest)),
        parent.framing or Framing.CLOSE_UP,
        candidate.planned.framing,
        parent.face,
        frame_of(job.row, job.character.style),
    )
    return job.services.files.put_bytes(encode_png(picture), ".png").digest, picture


def _request(
    job: LayerJob, candidate: Candidate, composed: ComposedPrompt, start: str
) -> ImageRequest:
    return ImageRequest(
        prompt=composed.text,
        negative_prompt=composed.negative,
        cast=composed.cast,
        purpose=Purpose.REFERENCE,
        base=job.row.name,
        size=frame_of(job.row, job.character.style),
        seed=candidate.seed,
        steps=job.request.steps or job.row.steps,
        guidance=job.row.guidance,
        init_image=start,
        strength=candidate.strength,
    )


def _made(request: LayerRequest, run: LayerRun, drawn: dict[int, Drawn]) -> LayerMade:
    images = tuple(_image(request.layer, roll, drawn[roll.candidate.seed]) for roll in run.kept)
    read = [image.csfd for image in images if image.csfd is not None]
    return LayerMade(
        layer=request.layer,
        images=images,
        given_up=tuple(
            GivenUp(position=roll.candidate.planned.position, reason=roll.reason)
            for roll in run.given_up
        ),
        drawn=len(run.rolls),
        csfd_mean=round(float(np.mean(read)), 4) if read else None,
    )


def _image(layer: Layer, roll: Roll, drawn: Drawn) -> SetImage:
    planned, measured = roll.candidate.planned, roll.measured
    return SetImage(
        file=f"{planned.position:02d}_{layer.value.replace(' ', '_')}.png",
        digest=drawn.digest,
        layer=layer,
        caption=drawn.caption,
        position=planned.position,
        framing=planned.framing,
        view=planned.view,
        expression=planned.expression,
        tilt=planned.tilt,
        angle=planned.angle,
        light=planned.light,
        place=planned.place,
        action=planned.action,
        face=drawn.face.box if drawn.face else None,
        parent=roll.candidate.parent.digest,
        strength=roll.candidate.strength,
        seed=roll.candidate.seed,
        tries=roll.candidate.attempt,
        csfd=None if measured.distance is None else round(measured.distance, 4),
    )
