from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from agent.context import ChatContext
from agent.toolkit.numbers import show
from agent.toolkit.shoot import ShootArguments, shoot
from agent.toolkit.shoot_report import shoot_report
from tests.support.filled_studio import PASSED, REJECTED, picture, plan, shot, trained
from tools.contracts.digest import Shown, ShownKind
from tools.contracts.photography import Framing
from tools.contracts.progress import ignore_progress
from tools.contracts.shooting import ShootRequest, ShootResult, Taken
from tools.contracts.verdicts import Outcome, Verdict
from tools.services import Services
from tools.store.conversation import MessageCreate, MessageRole, add_message, link_job
from tools.store.job import Job, JobState, get_job
from tools.store.model import canonical_json
from tools.store.shot import get_shot
from tools.store.take import (
    Take,
    TakeCreate,
    add_take,
    pick_take,
    record_drawing,
    record_verdict,
    take_of_slate,
)
from tools.workflows.digest import production_row
from tools.workflows.shots.shoot.shoot_shots import DrawnAs

FAR = Verdict(
    outcome=Outcome.REJECT,
    reasons=("distance 0.090 to the character, threshold 0.049", "nearer to 00012 (0.080)"),
    csfd_own=0.09,
    csfd_other=0.2,
    nearest="00012",
    faces=1,
)
Verdicts = Sequence[tuple[str, Verdict]]


@pytest.fixture
def planned(services: Services, daro: str) -> str:
    """Two shots of Daro, who has a LoRA."""
    plan(services, shot("12A"), shot("12B", framing=Framing.WIDE))
    trained(services, daro)
    return daro


def say(context: ChatContext, text: str) -> None:
    with context.services.database.session() as session:
        message = MessageCreate.of(
            conversation_id=context.conversation_id,
            role=MessageRole.USER,
            author="director",
            text=text,
        )
        add_message(session=session, message=message)


def ask(
    context: ChatContext,
    *slates: str,
    takes: int | None = None,
    drawn_as: DrawnAs | None = None,
) -> tuple[str, ...]:
    wanted = ShootArguments(slates=slates, takes=takes, drawn_as=drawn_as)
    jobs = shoot(wanted, context, ignore_progress).jobs
    with context.services.database.session() as session:
        for job_id in jobs:
            link_job(session=session, conversation_id=context.conversation_id, job_id=job_id)
    return jobs


def draw(context: ChatContext, job_id: str, verdicts: Verdicts) -> list[Take]:
    """Store what a shoot would have drawn, as takes of its job."""
    services = context.services
    owner = production_row(services, context.production).id
    (job,) = context.jobs.jobs([job_id])
    request = ShootRequest.model_validate_json(job.payload)
    rows: list[Take] = []
    with services.database.session() as session:
        for tries, (slate, verdict) in enumerate(verdicts, start=1):
            row = get_shot(session=session, production_id=owner, slate=slate)
            asked = TakeCreate(
                shot_id=row.id,
                key=f"{job.key[:16]}:{slate}:{tries}",
                tries=tries,
                prompt="Daro, SAME Daro: tan skin",
                seed=request.seed,
                request="{}",
                is_sketch=request.is_sketch,
            )
            take = add_take(session=session, take=asked)
            digest = picture(services, take.slate, take.number)
            record_drawing(session=session, take_id=take.id, digest=digest)
            rows.append(record_verdict(session=session, take_id=take.id, verdict=verdict))
    return rows


def end(context: ChatContext, job_id: str, state: JobState, verdicts: Verdicts = ()) -> Job:
    """End a job with these takes, and return its row."""
    taken = [
        Taken(
            slate=take.slate.split(" ")[0],
            tries=take.tries,
            take=take.slate,
            framing=Framing.CLOSE_UP,
            prompt=take.prompt,
            seed=take.seed,
            digest=str(take.digest),
            verdict=verdict,
        )
        for take, (_, verdict) in zip(draw(context, job_id, verdicts), verdicts, strict=True)
    ]
    with context.services.database.session() as session:
        job = get_job(session=session, job_id=job_id)
        job.state = state
        job.result = canonical_json(ShootResult(takes=tuple(taken)))
        job.message = "the disk is full" if state is JobState.FAILED else None
        return job


def test_takes_are_numbered_with_verdicts_and_what_helps(
    context: ChatContext, planned: str, shown: Callable[[], Shown]
) -> None:
    (job_id,) = ask(context, "12A", "12B")
    drawn = [("12A", FAR), ("12A", PASSED), ("12B", REJECTED), ("12B", FAR)]
    answer = shoot_report(context, end(context, job_id, JobState.DONE, drawn))
    assert answer.text.splitlines() == [
        "4 takes of Daro:",
        "1. 12A T1: rejected by QC, distance 0.090 (nearer to 00012 (0.080))",
        "2. 12A T2: passed, distance 0.031",
        "3. 12B T1: rejected by QC (no readable face in a close-up: draw it again)",
        "4. 12B T2: rejected by QC, distance 0.090 (nearer to 00012 (0.080))",
        "",
        "No take of 12B passed. What helps: a closer framing makes the face large enough to be "
        "read; draw it again, or train a longer version: the face is not near enough.",
    ]
    assert [each.take for each in answer.pictures] == ["12A T1", "12A T2", "12B T1", "12B T2"]
    assert [each.number for each in answer.pictures] == [1, 2, 3, 4]
    assert shown() == Shown(kind=ShownKind.TAKES, labels=("12A T1", "12A T2", "12B T1", "12B T2"))


def test_shoots_of_one_message_are_numbered_on(
    context: ChatContext, planned: str, shown: Callable[[], Shown]
) -> None:
    say(context, "three takes of 12A")
    first, second, third = ask(context, "12A", takes=3)
    for job_id, number in ((first, 1), (second, 2), (third, 3)):
        answer = shoot_report(context, end(context, job_id, JobState.DONE, [("12A", PASSED)]))
        assert [each.number for each in answer.pictures] == [number]
    assert shown().labels == ("12A T1", "12A T2", "12A T3")
    say(context, "now 12B")
    (later,) = ask(context, "12B")
    answer = shoot_report(context, end(context, later, JobState.DONE, [("12B", PASSED)]))
    assert [each.number for each in answer.pictures] == [1], "another message begins anew"
    assert shown().labels == ("12B T1",)


def test_numbers_begin_anew_where_no_more_takes_can_be_shown(
    context: ChatContext,
    planned: str,
    shown: Callable[[], Shown],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("agent.toolkit.shoot_report.MOST_PICTURES", 2)
    say(context, "two takes of 12A")
    first, second = ask(context, "12A", takes=2)
    shoot_report(context, end(context, first, JobState.DONE, [("12A", PASSED)] * 2))
    answer = shoot_report(context, end(context, second, JobState.DONE, [("12A", FAR)] * 3))
    assert answer.text.startswith("3 takes of Daro:")
    assert [(each.number, each.take) for each in answer.pictures] == [(1, "12A T3"), (2, "12A T4")]
    assert shown().labels == ("12A T3", "12A T4")


def test_numbers_begin_anew_when_something_else_was_shown_between(
    context: ChatContext, planned: str, shown: Callable[[], Shown]
) -> None:
    first, second = ask(context, "12A", takes=2)
    shoot_report(context, end(context, first, JobState.DONE, [("12A", PASSED)]))
    show(context, Shown(kind=ShownKind.FACES, character="Daro", labels=("1", "2")))
    answer = shoot_report(context, end(context, second, JobState.DONE, [("12A", PASSED)]))
    assert [each.number for each in answer.pictures] == [1]
    assert shown().labels == ("12A T2",)


def test_a_failed_shoot_says_why_and_shows_what_was_drawn(
    context: ChatContext, planned: str, shown: Callable[[], Shown]
) -> None:
    (job_id,) = ask(context, "12A", "12B")
    answer = shoot_report(context, end(context, job_id, JobState.FAILED, [("12A", PASSED)]))
    assert answer.text.splitlines() == [
        "Drawing Daro 12A, 12B failed: the disk is full",
        "1 take was drawn before:",
        "1. 12A T1: passed, distance 0.031",
    ]
    assert shown().labels == ("12A T1",)


def test_a_cancelled_shoot_without_takes_says_so_and_keeps_the_numbers(
    context: ChatContext, planned: str, shown: Callable[[], Shown]
) -> None:
    (job_id,) = ask(context, "12A")
    answer = shoot_report(context, end(context, job_id, JobState.CANCELLED))
    assert answer.text == "Drawing Daro 12A was cancelled; what was finished is kept."
    assert answer.pictures == ()
    assert shown() == Shown()


def test_a_decision_made_before_the_report_is_said(context: ChatContext, planned: str) -> None:
    (job_id,) = ask(context, "12A")
    job = end(context, job_id, JobState.DONE, [("12A", PASSED)])
    owner = production_row(context.services, context.production).id
    with context.services.database.session() as session:
        take = take_of_slate(session=session, production_id=owner, slate="12A T1")
        pick_take(session=session, take_id=take.id)
    assert "1. 12A T1: passed, distance 0.031; picked" in shoot_report(context, job).text


def test_sketches_are_told_as_sketches_with_what_makes_them_real(
    context: ChatContext, planned: str
) -> None:
    (job_id,) = ask(context, "12A", takes=1, drawn_as="sketch")
    answer = shoot_report(context, end(context, job_id, JobState.DONE, [("12A", FAR)]))
    assert answer.text.startswith("1 sketch of Daro:\n1. 12A T1: sketch, rejected by QC")
    assert "No sketch of 12A passed. What helps: the face is not near enough: train" in answer.text
    assert answer.text.endswith("“make it real” draws its shot as a take.")
    assert answer.pictures[0].label.startswith("12A T1: sketch, rejected by QC")
