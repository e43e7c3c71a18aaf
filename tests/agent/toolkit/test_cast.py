"""`cast`: candidate faces, the report that shows them, and castings that end badly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.cast import Cast, cast, cast_report
from agent.toolkit.change_character import ChangeCharacter, change_character
from agent.toolkit.choose_face import ChooseFace, choose_face
from tests.support.readable_faces import quick_studio
from tools.compose import Studio, build_studio
from tools.contracts.casting import CastingRequest
from tools.contracts.digest import Shown, ShownKind
from tools.contracts.progress import ignore_progress
from tools.errors import BaseUnavailable, Refused, UnknownName
from tools.settings import Settings
from tools.store.job import Job, JobState
from tools.workflows.people.characters import load_character
from tools.workflows.people.face_choice import last_casting

Finish = Callable[[str], Job]


@pytest.fixture
def studio(tmp_path: Path, micro_home: Path, one_thread: None) -> Studio:
    """The fresh studio, with eyes that see a face in noise."""
    settings = Settings(home=tmp_path / "studio", device="cpu", threads=1, base="micro")
    return quick_studio(build_studio(settings, bases_home=micro_home))


def ask(context: ChatContext, candidates: int = 2, *, others: bool = False) -> Answer:
    arguments = Cast(character="Daro", candidates=candidates, others=others)
    return cast(arguments, context, ignore_progress)


def choose(context: ChatContext, face: int) -> Answer:
    return choose_face(ChooseFace(character="Daro", face=face), context, ignore_progress)


def seed_of(job: Job) -> int:
    return CastingRequest.model_validate_json(job.payload).seed


def test_casting_starts_a_job_whose_report_shows_every_face(
    context: ChatContext, daro: str, finish: Finish, shown: Callable[[], Shown]
) -> None:
    started = ask(context)
    assert started.text == ("The casting of Daro is started: 2 faces, one sheet of portraits each.")
    assert started.pictures == ()
    again = ask(context)
    assert "is being drawn already" in again.text
    assert again.jobs == started.jobs
    [job_id] = started.jobs

    report = cast_report(context, finish(job_id))
    assert [picture.number for picture in report.pictures] == [1, 2]
    assert report.pictures[0].label.startswith("Daro, face 1: 6 of 6 portraits readable, mean")
    assert "portraits agree best" in report.text
    assert shown() == Shown(kind=ShownKind.FACES, character="Daro", labels=("1", "2"))
    for picture in report.pictures:
        assert context.services.files.path(picture.digest).is_file()

    known = ask(context)
    assert known.jobs == (), "nothing is drawn again"
    assert known.text.startswith("These faces are there already; ask for others")
    assert known.pictures == report.pictures


def test_others_are_drawn_with_another_seed_and_a_choice_of_the_first_is_over(
    context: ChatContext, daro: str, finish: Finish
) -> None:
    first = finish(ask(context, 1).jobs[0])
    assert choose(context, 1).text.startswith("Face 1 is Daro's face from now on.")
    [job_id] = ask(context, 1, others=True).jobs
    with pytest.raises(Refused, match="the faces of Daro are not drawn yet; wait for them"):
        choose(context, 1)
    second = finish(job_id)
    assert (seed_of(first), seed_of(second)) == (1, 2)
    old = cast_report(context, first)
    assert old.pictures[0].number is None, "a number stands for the newest faces only"
    assert old.pictures[0].digest != cast_report(context, second).pictures[0].digest
    character = load_character(context.services, "studio", daro)
    last = last_casting(context.services, character.id)
    assert last is not None
    assert (last.job.id, last.face, last.seed) == (job_id, None, 2)


@pytest.mark.parametrize("change", ["red hair", "forty years old"])
def test_a_changed_identity_is_cast_anew_without_being_asked_for_others(
    context: ChatContext, daro: str, change: str
) -> None:
    ask(context, 1)
    change_character(ChangeCharacter(character=daro, change=change), context, ignore_progress)
    [job_id] = ask(context, 1).jobs
    assert seed_of(context.jobs.jobs([job_id])[0]) == 1001


def test_a_casting_that_ended_badly_is_told_and_can_be_asked_for_again(
    context: ChatContext, daro: str, finish: Finish
) -> None:
    [job_id] = ask(context).jobs
    assert context.jobs.request_cancel(job_id) is JobState.CANCELLED
    report = cast_report(context, context.jobs.jobs([job_id])[0])
    assert report.text == "The casting of Daro was cancelled; what was finished is kept."
    with pytest.raises(Refused, match="the last casting of Daro was cancelled; cast again first"):
        choose(context, 1)
    assert ask(context).text.startswith("The casting of Daro is started")


def test_a_base_that_is_not_installed_fails_in_words(
    context: ChatContext, daro: str, studio: Studio
) -> None:
    settings = context.services.settings.model_copy(update={"base": "sdxl"})
    elsewhere = replace(context, services=replace(context.services, settings=settings))
    [job_id] = ask(elsewhere).jobs
    with pytest.raises(BaseUnavailable, match="base sdxl is not installed; run `samecast base add"):
        studio.worker.run_until_done([job_id])
    report = cast_report(elsewhere, context.jobs.jobs([job_id])[0])
    assert report.text.startswith("The casting of Daro failed: base sdxl is not installed")


def test_nobody_of_that_name(context: ChatContext) -> None:
    with pytest.raises(UnknownName, match="no character named 'Daro'"):
        ask(context)
