"""A layered set on its way: which layers were asked for, what was dropped, what comes next.

Knows the draft's row and the job that stands behind it; must not draw. The draft's options are the
request of its newest job.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.contracts.casting import BuildSetMade, BuildSetRequest, LayerMade
from tools.contracts.outfits import Wardrobe
from tools.contracts.references import SetImage
from tools.errors import BadInput
from tools.jobs.keys import job_key
from tools.services import Services
from tools.store.job import Job, JobState, find_job
from tools.store.set_draft import drop_positions, end_draft, find_draft, start_draft
from tools.workflows.bases.calibrations import calibration_name
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.people.face_choice import block_version, chosen_face
from tools.workflows.sets.build.set_building import planned_layers


@dataclass(frozen=True)
class LayeredDraft:
    """A set that is being built."""

    request: BuildSetRequest
    """Of its newest job."""
    job: Job | None
    dropped: frozenset[int]
    """Positions that a person took out, those after the job was asked for included."""

    @property
    def made(self) -> tuple[LayerMade, ...] | None:
        """The layers of its newest job; None while it is not done."""
        result = self._result
        return None if result is None else result.made

    @property
    def is_finished(self) -> bool:
        """Whether its set is stored."""
        return self._result is not None and self._result.finished is not None

    @property
    def _result(self) -> BuildSetMade | None:
        if self.job is None or self.job.state is not JobState.DONE or self.job.result is None:
            return None
        return BuildSetMade.model_validate_json(self.job.result)

    @property
    def images(self) -> tuple[SetImage, ...]:
        """The images that are drawn and not dropped."""
        return tuple(
            image
            for layer in self.made or ()
            for image in layer.images
            if image.position not in self.dropped
        )

    @property
    def all_layers(self) -> int:
        """How many layers there are to draw."""
        return len(planned_layers(self.request.size))


def plan_build(
    services: Services,
    production: str,
    character: LoadedCharacter,
    base: str,
    *,
    size: int,
    review: bool,
    wardrobe: Wardrobe = Wardrobe.LOCKED,
) -> BuildSetRequest:
    """Return the request of a set from the chosen face: whole, or its first layer.

    Raises:
        Refused: no face is chosen.
    """
    return BuildSetRequest(
        production=production,
        character=character.name,
        base=base,
        portraits=chosen_face(services, character).portraits,
        size=size,
        layers=1 if review else None,
        wardrobe=wardrobe,
        seed=block_version(services, character, base),
        calibration=calibration_name(services, base, character.brief),
    )


def find_layered_draft(services: Services, character_id: str) -> LayeredDraft | None:
    """Return the set that is being built, if any."""
    with services.database.reading() as session:
        row = find_draft(session=session, character_id=character_id)
        if row is None:
            return None
        request = BuildSetRequest.model_validate_json(row.options)
        job = find_job(session=session, key=job_key(Kind.BUILD_SET, request))
        draft = LayeredDraft(request, job, row.dropped_positions())
    return None if draft.is_finished else draft


def keep_draft(services: Services, character_id: str, request: BuildSetRequest) -> None:
    """Keep a request as the draft's newest, with what was dropped."""
    with services.database.session() as session:
        start_draft(session=session, character_id=character_id, options=request)
        drop_positions(session=session, character_id=character_id, positions=request.dropped)


def drop_from_draft(
    services: Services, character_id: str, draft: LayeredDraft, positions: tuple[int, ...]
) -> None:
    """Take images out of a set that is being built.

    Raises:
        BadInput: a position that is not there; the message says which are.
    """
    there = [image.position for image in draft.images if image.position is not None]
    missing = sorted(set(positions) - set(there))
    if missing:
        raise BadInput(no_such_image(missing, there))
    with services.database.session() as session:
        drop_positions(session=session, character_id=character_id, positions=positions)


def next_request(draft: LayeredDraft) -> BuildSetRequest:
    """Return the request of one layer more, or of the finished set when all are drawn."""
    drawn = len(draft.made or ())
    layers = drawn + 1 if drawn < draft.all_layers else None
    return draft.request.model_copy(
        update={"layers": layers, "dropped": tuple(sorted(draft.dropped))}
    )


def end_layered_draft(services: Services, request: BuildSetRequest, character_id: str) -> None:
    """Forget the draft of a request whose set is stored; another draft stays."""
    with services.database.session() as session:
        row = find_draft(session=session, character_id=character_id)
        if row is not None and BuildSetRequest.model_validate_json(row.options) == request:
            end_draft(session=session, character_id=character_id)


def no_such_image(missing: list[int], there: list[int]) -> str:
    """Say which positions are not there, and which are."""
    wrong = ", ".join(map(str, missing))
    return f"no image {wrong} in the set; there are {', '.join(map(str, there)) or 'none'}"
