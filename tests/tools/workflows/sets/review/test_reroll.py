from __future__ import annotations

import pytest

from tools.contracts.casting import BuildSetMade, BuildSetRequest, LayerMade
from tools.contracts.photography import Framing, Layer
from tools.contracts.references import SetImage
from tools.contracts.sets import ReferenceSetMade
from tools.contracts.verdicts import GateImage, GateReport, Outcome
from tools.jobs.job_store import JobStore
from tools.services import Services
from tools.store.job import Execution, ExecutionEnd, JobState, get_job
from tools.store.model import now
from tools.store.reference_set import (
    Origin,
    ReferenceImageCreate,
    add_image,
    drop_image,
    list_images,
    record_gate,
    start_set,
)
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.sets.review.reroll import SEED_STEP, next_set

POSITIONS = tuple(range(3, 15))
"""Of the plan; the stored set counts its images from 1."""
REQUEST = BuildSetRequest(
    production="studio",
    character="Daro",
    base="maquette",
    portraits=("a" * 64,),
    size=len(POSITIONS),
    seed=1,
)


def store(services: Services, daro: LoadedCharacter, positions: tuple[int, ...]) -> str:
    """The set of the request, drawn and stored by its job."""
    images = tuple(
        SetImage(
            file=f"{at}.png",
            digest=f"{at:064x}",
            layer=Layer.CLOSE_UP,
            framing=Framing.CLOSE_UP,
            position=at,
        )
        for at in positions
    )
    job_id = JobStore(services.database).enqueue(kind=Kind.BUILD_SET, payload=REQUEST)
    with services.database.session() as session:
        row = start_set(session=session, character_id=daro.id, origin=Origin.LAYERS)
        for each in images:
            add_image(
                session=session,
                image=ReferenceImageCreate(
                    set_id=row.id, digest=each.digest, caption="Daro", layer=each.layer
                ),
            )
        made = LayerMade(
            layer=Layer.CLOSE_UP, images=images, given_up=(), drawn=len(images), csfd_mean=None
        )
        finished = ReferenceSetMade(reference_set_id=row.id, version=1, count=len(images))
        job = get_job(session=session, job_id=job_id)
        job.state = JobState.DONE
        job.result = BuildSetMade(made=(made,), finished=finished).model_dump_json()
        session.add(Execution(job_id=job_id, owner="x", ended_at=now(), end=ExecutionEnd.DONE))
        return row.id


def judge(services: Services, set_id: str, outcome: Outcome, *refused: int) -> None:
    with services.database.session() as session:
        rows = list_images(session=session, set_id=set_id)
        images = tuple(
            GateImage(
                file=str(row.position),
                csfd=0.0,
                verdict=Outcome.REJECT if row.position in refused else Outcome.PASS,
                reason="",
            )
            for row in rows
        )
        report = GateReport(
            verdict=outcome, csfd_mean=0.0, csfd_worst=0.0, threshold=1.0, images=images
        )
        record_gate(session=session, set_id=set_id, report=report)


def test_a_set_that_nothing_is_wrong_with_is_asked_for_again(
    services: Services, daro: LoadedCharacter
) -> None:
    assert next_set(services, daro.id, REQUEST) == REQUEST
    judge(services, store(services, daro, POSITIONS), Outcome.PASS)
    assert next_set(services, daro.id, REQUEST) == REQUEST


def test_refused_and_dropped_images_get_others_by_their_place_in_the_plan(
    services: Services, daro: LoadedCharacter
) -> None:
    set_id = store(services, daro, POSITIONS)
    judge(services, set_id, Outcome.REJECT, 2)
    with services.database.session() as session:
        image = list_images(session=session, set_id=set_id)[4]
        drop_image(session=session, image_id=image.id)
    asked = next_set(services, daro.id, REQUEST)
    assert (asked.dropped, asked.seed) == ((4, 7), REQUEST.seed)


@pytest.mark.parametrize(
    ("positions", "outcome"), [(POSITIONS, Outcome.REJECT), (POSITIONS[:-1], Outcome.PASS)]
)
def test_a_set_that_is_bad_as_a_whole_or_too_small_is_drawn_with_another_seed(
    services: Services, daro: LoadedCharacter, positions: tuple[int, ...], outcome: Outcome
) -> None:
    judge(services, store(services, daro, positions), outcome)
    asked = next_set(services, daro.id, REQUEST)
    assert (asked.dropped, asked.seed) == ((), REQUEST.seed + SEED_STEP)


def test_another_face_or_size_is_a_set_of_its_own(
    services: Services, daro: LoadedCharacter
) -> None:
    judge(services, store(services, daro, POSITIONS), Outcome.REJECT, 2)
    for change in ({"portraits": ("b" * 64,)}, {"size": 20}, {"seed": 7}):
        other = REQUEST.model_copy(update=change)
        assert next_set(services, daro.id, other) == other
