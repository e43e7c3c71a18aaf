"""Sketches drawn by the real parts: what they start from, how they are judged and marked."""

from __future__ import annotations

import pytest

from tests.support.filled_studio import chosen_face, plan, shot, trained
from tests.support.micro_studio import WELL_READ, frame
from tools.contracts.images import ImageRequest, Purpose
from tools.contracts.model import Size
from tools.contracts.photography import Expression, Framing, View
from tools.contracts.progress import ignore_progress
from tools.contracts.shooting import ShootRequest, ShootResult, Taken
from tools.contracts.verdicts import Outcome
from tools.errors import BadInput
from tools.imaging.pictures import load_picture
from tools.imaging.provenance import is_sketch
from tools.jobs.job_store import JobStore
from tools.language.prompt.anchor import same_anchor
from tools.services import Services
from tools.store.take import take_of_slate
from tools.workflows.digest import production_row
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.shots.judge.explain import explain_take, explanation_lines
from tools.workflows.shots.judge.shoot_judge import BY_NOTHING, BY_PORTRAIT
from tools.workflows.shots.shoot.shoot import shoot
from tools.workflows.shots.shoot.shoot_shots import ready_adapter, start_shoot
from tools.workflows.shots.shoot.sketches import (
    ELSEWHERE,
    FAR,
    FARTHER,
    HERE,
    Start,
    lay_out,
    shoot_kind,
    sketch_adapter,
    strength_for,
)

FRAMES = [frame(2, number) for number in WELL_READ]


def asked(services: Services, daro: LoadedCharacter) -> ShootRequest:
    """A quick sketch of 1A with the real maquette at few steps."""
    return ShootRequest(
        production="studio",
        base="maquette",
        adapter=sketch_adapter(services, daro),
        shots=(shot("1A"),),
        seed=5,
        steps=2,
        max_tries=1,
    )


def sketched(services: Services, daro: LoadedCharacter) -> tuple[Taken, ImageRequest]:
    """Draw it as the worker does, and return what came of it and what was asked of the backend."""
    jobs = JobStore(services.database)
    request = asked(services, daro)
    owner = production_row(services, "studio").id
    jobs.enqueue(kind=shoot_kind(request), payload=request, production_id=owner)
    (taken,) = shoot(services, request, ignore_progress).takes
    with services.database.reading() as session:
        take = take_of_slate(session=session, production_id=owner, slate=taken.take)
    assert (take.is_sketch, take.lora_version_id) == (True, None)
    return taken, ImageRequest.model_validate_json(take.request)


def test_it_is_drawn_by_the_base_over_the_chosen_portrait_with_the_words_of_a_take(
    services: Services, daro: LoadedCharacter
) -> None:
    chosen_face(services, FRAMES)
    taken, request = sketched(services, daro)
    assert taken.is_sketch
    assert (request.loras, request.strength, request.purpose) == ((), ELSEWHERE, Purpose.SKETCH)
    assert request.init_image is not None
    assert request.prompt.startswith("Daro, close-up")
    assert request.prompt.endswith(same_anchor(request.cast))
    assert "tan skin" in request.prompt
    assert BY_PORTRAIT in taken.verdict.reasons
    assert is_sketch(services.files.read(taken.digest))


def test_its_verdict_is_explained_as_that_of_a_sketch(
    services: Services, daro: LoadedCharacter
) -> None:
    chosen_face(services, FRAMES)
    sketched(services, daro)
    found = explain_take(services, "studio", "1A T1")
    assert (found.is_sketch, found.held_against) == (True, "the chosen portrait")
    lines = explanation_lines(found)
    assert "1A T1 is a sketch: drawn without a LoRA, over the chosen portrait." in lines[1]
    assert "never delivered" in lines[1]
    assert not any("reference set" in line and "Copy" in line for line in lines)


def test_without_a_chosen_face_it_starts_from_the_nearest_reference_and_is_held_against_the_set(
    services: Services, daro: LoadedCharacter
) -> None:
    trained(services, base="sdxl", frames=FRAMES)
    taken, request = sketched(services, daro)
    assert request.init_image is not None
    assert not {BY_PORTRAIT, BY_NOTHING} & set(taken.verdict.reasons)
    assert (
        "over the nearest reference image"
        in explanation_lines(explain_take(services, "studio", "1A T1"))[1]
    )


def test_without_any_picture_only_its_head_is_looked_at_and_nothing_passes(
    services: Services, daro: LoadedCharacter
) -> None:
    taken, request = sketched(services, daro)
    assert (request.init_image, request.strength) == (None, None)
    assert BY_NOTHING in taken.verdict.reasons
    assert taken.verdict.outcome is not Outcome.PASS
    lines = explanation_lines(explain_take(services, "studio", "1A T1"))
    assert "from its words alone. It is held against nothing" in lines[1]
    assert not any(line.startswith("Distance") for line in lines)


def test_the_portrait_of_the_wanted_view_is_chosen(
    services: Services, daro: LoadedCharacter
) -> None:
    """Of a turned and a frontal head each shot gets its own, so that no head has to turn."""
    chosen_face(services, [frame(2, 0), frame(2, 7)])
    request, row = asked(services, daro), services.catalog.row("maquette")
    turned = shot("1B").model_copy(update={"view": View.THREE_QUARTER_LEFT})
    size = Size(width=320, height=192)
    over = [lay_out(services, request, each, row, size) for each in (shot("1A"), turned)]
    assert [each.strength for each in over if each] == [ELSEWHERE, ELSEWHERE]
    digests = {each.digest for each in over if each}
    assert len(digests) == 2
    assert {load_picture(services.files.path(each)).size for each in digests} == {(320, 192)}


@pytest.mark.parametrize(
    ("wanted", "strength"),
    [
        ({"light": None, "expression": Expression.SMILING}, HERE),
        ({"light": "candlelight"}, ELSEWHERE),
        ({"framing": Framing.MEDIUM}, FARTHER),
        ({"view": View.LEFT_PROFILE}, FARTHER),
        ({"framing": Framing.FULL}, FAR),
    ],
)
def test_how_much_is_redrawn_is_what_the_shot_asks(
    wanted: dict[str, object], strength: float
) -> None:
    start = Start("a" * 64, Framing.CLOSE_UP, View.FRONTAL, None)
    assert strength_for(shot("1A").model_copy(update=wanted), start) == strength


def test_a_shoot_without_a_lora_is_a_sketch_job_and_takes_are_refused_with_what_comes_first(
    services: Services, daro: LoadedCharacter
) -> None:
    plan(services, shot("1A"))
    jobs, row = JobStore(services.database), production_row(services, "studio")
    (job,) = jobs.jobs(start_shoot(services, jobs, "studio", ["1A"]))
    assert job.kind == Kind.SKETCH
    assert ShootRequest.model_validate_json(job.payload).is_sketch
    with pytest.raises(BadInput, match="Daro has no LoRA for maquette yet, and no reference set"):
        ready_adapter(services, row, "Daro", "take")


def test_with_a_lora_takes_are_drawn_and_a_sketch_only_when_it_is_asked_for(
    services: Services, daro: LoadedCharacter
) -> None:
    version = trained(services, base="maquette", frames=FRAMES)
    plan(services, shot("1A"))
    jobs = JobStore(services.database)
    (take,) = jobs.jobs(start_shoot(services, jobs, "studio", ["1A"]))
    (sketch,) = jobs.jobs(start_shoot(services, jobs, "studio", ["1A"], None, "sketch"))
    assert (take.kind, sketch.kind) == (Kind.SHOOT, Kind.SKETCH)
    requests = [ShootRequest.model_validate_json(job.payload) for job in (take, sketch)]
    assert [each.adapter.lora_version_id for each in requests] == [version.id, None]
    assert requests[1].adapter.reference_set_id == version.reference_set_id
    assert requests[0].seed != requests[1].seed


def test_a_result_says_sketch_in_json_and_a_take_stays_as_it_was(
    services: Services, daro: LoadedCharacter
) -> None:
    taken, _ = sketched(services, daro)
    assert '"is_sketch":true' in ShootResult(takes=(taken,)).model_dump_json()
    take = taken.model_copy(update={"is_sketch": False})
    assert "is_sketch" not in ShootResult(takes=(take,)).model_dump_json()
