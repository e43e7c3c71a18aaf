from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import col, select

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.add_photos import AddPhotos, add_photos
from agent.toolkit.build_references import (
    BuildReferences,
    build_references,
    build_references_report,
)
from agent.toolkit.gate import Gate, gate
from agent.toolkit.review_references import ReviewReferences, review_references
from tests.support.micro_studio import WELL_READ, frame
from tests.support.readable_faces import quick_studio
from tools.compose import Studio, build_studio
from tools.contracts.casting import BuildSetRequest
from tools.contracts.digest import Shown, ShownKind
from tools.contracts.progress import Progress, ignore_progress
from tools.errors import BadInput, Cancelled, Refused
from tools.settings import Settings
from tools.store.job import Job, JobState, list_executions
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import load_character
from tools.workflows.sets.build.layered_draft import find_layered_draft
from tools.workflows.sets.review.set_review import newest_stored_set

LAYERS = ["close-up", "close-up portrait", "portrait", "three-quarter", "full body"]


class Killed(BaseException):
    """The process ends in the middle of a layer."""


@pytest.fixture
def studio(tmp_path: Path, micro_home: Path, one_thread: None) -> Studio:
    """The fresh studio, with eyes that see a face in noise."""
    settings = Settings(home=tmp_path / "studio", device="cpu", threads=1, base="micro")
    return quick_studio(build_studio(settings, bases_home=micro_home))


@pytest.fixture
def face(context: ChatContext, daro: str, tmp_path: Path) -> str:
    """Daro has a face, cut from a sheet of six portraits."""
    sheet = Image.new("RGB", (3 * 64, 2 * 64))
    for place, number in enumerate(WELL_READ):
        picture = Image.open(frame(2, number)).convert("RGB").resize((64, 64))
        sheet.paste(picture, (place % 3 * 64, place // 3 * 64))
    sheet.save(tmp_path / "sheet.png")
    arguments = AddPhotos(character=daro, kind="sheet", folder=str(tmp_path / "sheet.png"))
    add_photos(arguments, replace(context, local_files=True), ignore_progress)
    return daro


def build(context: ChatContext, *, review: bool = False, images: int = 12) -> Answer:
    arguments = BuildReferences(character="Daro", images=images, review=review)
    return build_references(arguments, context, ignore_progress)


def look(context: ChatContext, *drop: int, next_layer: bool = False) -> Answer:
    arguments = ReviewReferences(character="Daro", drop=drop, next_layer=next_layer)
    return review_references(arguments, context, ignore_progress)


def numbers(answer: Answer) -> list[int | None]:
    return [picture.number for picture in answer.pictures]


def layer_executions(context: ChatContext) -> list[int]:
    """How often each layer was started, in the order asked."""
    with context.services.database.reading() as session:
        rows = session.exec(select(Job).where(Job.kind == Kind.LAYER).order_by(col(Job.created_at)))
        return [len(list_executions(session=session, job_id=row.id)) for row in rows]


def test_a_face_must_be_chosen_first(context: ChatContext, daro: str) -> None:
    with pytest.raises(Refused, match="nothing was cast for Daro yet; cast faces first"):
        build(context)
    with pytest.raises(Refused, match="Daro has no references yet; build them from a chosen face"):
        look(context)


def test_all_layers_are_one_job_and_a_kill_costs_only_the_unfinished_layer(
    context: ChatContext,
    face: str,
    studio: Studio,
    finish: Callable[[str], Job],
    shown: Callable[[], Shown],
) -> None:
    started = build(context)
    assert started.text == (
        "The drawing of Daro's reference set (12 images) is started. "
        "The gate asks for at least 20 images, so a set of 12 cannot pass."
    )
    [job_id] = started.jobs

    def kill(progress: Progress) -> None:
        if progress.stage == "portrait":
            raise Killed

    with pytest.raises(Killed):
        studio.worker.run_until_done([job_id], watch=kill)
    assert layer_executions(context) == [1, 1, 1]
    with pytest.raises(Refused, match="Daro's references: the drawing is approved; wait for it"):
        look(context)
    assert build(context).jobs == (job_id,), "asked for again, it is the same job"

    report = build_references_report(context, finish(job_id))
    assert layer_executions(context) == [1, 1, 2, 1, 1]
    assert report.text.startswith("Reference set v1 of Daro is there: 12 images. Close-up, 6 kept")
    assert report.text.endswith(
        "The gate asks for at least 20 images. Next: build references again, 20 of them, "
        "or choose another face of Daro, or bring photos."
    )
    assert numbers(report) == list(range(1, 13))
    assert shown().kind is ShownKind.REFERENCES
    assert shown().labels == tuple(map(str, range(1, 13)))

    again = build(context)
    assert again.jobs == ()
    assert again.text.startswith("This set was drawn before from the same face. Reference set v1")
    assert again.text.endswith("Choose another face of Daro for another set.")


def test_a_cancelled_set_keeps_its_layers_and_goes_on(
    context: ChatContext, face: str, studio: Studio
) -> None:
    [job_id] = build(context).jobs

    def cancel(progress: Progress) -> None:
        if progress.stage == "close-up portrait":
            context.jobs.request_cancel(job_id)

    with pytest.raises(Cancelled):
        studio.worker.run_until_done([job_id], watch=cancel)
    report = build_references_report(context, context.jobs.jobs([job_id])[0])
    assert report.text == (
        "The drawing of Daro's reference set (12 images) was cancelled; what was finished is kept."
    )
    with pytest.raises(Refused, match="the drawing is cancelled; build references to go on"):
        look(context)
    again = build(context)
    assert "is started" in again.text
    assert again.jobs == (job_id,)
    assert layer_executions(context) == [1, 1]
    assert context.jobs.jobs([job_id])[0].state is JobState.APPROVED


def test_layer_by_layer_pictures_are_dropped_by_number_and_the_rest_becomes_the_set(
    context: ChatContext, face: str, finish: Callable[[str], Job], shown: Callable[[], Shown]
) -> None:
    started = build(context, review=True)
    assert started.text.startswith("Layer 1 of 5 (close-up) of Daro's references is started.")
    first = build_references_report(context, finish(started.jobs[0]))
    assert numbers(first) == [1, 2, 3, 4, 5, 6]
    assert "Say which numbers to drop, or ask for the next layer." in first.text
    assert shown().labels == ("1", "2", "3", "4", "5", "6")
    assert build(context, review=True).text.startswith("It is there already. Daro's references:")

    with pytest.raises(BadInput, match="no image 9 in the set; there are 1, 2, 3, 4, 5, 6"):
        look(context, 9)
    seen = look(context, 2)
    assert seen.text.startswith(
        "Image 2 is out. Daro's references so far: 5 images in 1 of 5 layers."
    )
    assert numbers(seen) == [1, 3, 4, 5, 6]
    on = look(context, 4, next_layer=True)
    assert on.text.startswith("Image 4 is out. Layer 2 of 5 (close-up portrait)")
    second = build_references_report(context, finish(on.jobs[0]))
    assert numbers(second)[:4] == [1, 3, 5, 6]

    for layer in LAYERS[2:]:
        on = look(context, next_layer=True)
        assert f"({layer}) of Daro's references is started." in on.text
        report = build_references_report(context, finish(on.jobs[0]))
    assert "All layers are drawn: say which numbers to drop" in report.text
    on = look(context, 12, next_layer=True)
    assert "Image 12 is out. The drawing of Daro's reference set" in on.text
    done = build_references_report(context, finish(on.jobs[0]))
    assert done.text.startswith("Reference set v1 of Daro is there: 12 images.")
    assert numbers(done) == list(range(1, 13)), "a stored set has positions of its own"
    character = load_character(context.services, "studio", face)
    assert find_layered_draft(context.services, character.id) is None
    with pytest.raises(Refused, match="no set of Daro is being built; v1 is finished"):
        look(context, next_layer=True)
    before = [picture.digest for picture in done.pictures]
    dropped = look(context, 9)
    assert dropped.text.startswith("Image 9 is out. Reference set v1 of Daro: 11 images")
    found = newest_stored_set(context.services, character.id)
    assert found is not None
    assert found.dropped == (9,)

    again = build(context)
    second_set = build_references_report(context, finish(again.jobs[0]))
    assert second_set.text.startswith("Reference set v2 of Daro is there: 12 images.")
    [gone] = set(before) - {image.digest for image in found.images}
    assert gone not in {picture.digest for picture in second_set.pictures}
    assert build(context).jobs == (), "nothing is wrong with it, so nothing is drawn"


def test_a_review_may_be_left_and_the_rest_drawn_at_once(
    context: ChatContext, face: str, finish: Callable[[str], Job]
) -> None:
    finish(build(context, review=True).jobs[0])
    look(context, 3)
    [job_id] = build(context).jobs
    asked = BuildSetRequest.model_validate_json(context.jobs.jobs([job_id])[0].payload)
    assert (asked.layers, asked.dropped) == (None, (3,))


def test_a_set_that_the_gate_refuses_as_a_whole_is_drawn_with_another_seed(
    context: ChatContext, face: str, finish: Callable[[str], Job]
) -> None:
    finish(build(context).jobs[0])
    gate(Gate(character=face), context, ignore_progress)
    [job_id] = build(context).jobs
    asked = BuildSetRequest.model_validate_json(context.jobs.jobs([job_id])[0].payload)
    assert (asked.seed, asked.dropped) == (1001, ())
