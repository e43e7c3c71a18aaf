from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from agent.context import ChatContext
from agent.toolkit.cancel import Cancel, cancel
from agent.toolkit.cost import Cost, cost, dollars, duration
from agent.toolkit.status import Status, status
from tests.support.filled_studio import PASSED, plan, shot, takes, trained
from tools.compose import Studio
from tools.contracts.casting import CastingRequest
from tools.contracts.digest import CharacterState, SceneState, ShotState, StudioDigest
from tools.contracts.learning import LearnRequest
from tools.contracts.photography import Framing
from tools.contracts.progress import Progress, ignore_progress
from tools.contracts.sets import GateRequest
from tools.contracts.training import LoraConfig
from tools.contracts.verdicts import Outcome
from tools.errors import UnknownName
from tools.services import Services
from tools.store.job import JobState, get_job
from tools.store.ledger import LedgerEntryCreate, book
from tools.store.production import Production
from tools.store.take import pick_take
from tools.workflows.digest import production_row
from tools.workflows.kinds import Kind
from tools.workflows.next_steps import next_step, production_steps


def started(context: ChatContext, *kinds: Kind) -> list[str]:
    """Ask for a piece of work of each kind; return the jobs' ids."""
    learn = LearnRequest(
        production="studio",
        character="Daro",
        base="micro",
        reference_set_id="a",
        config=LoraConfig(steps=3),
    )
    cast = CastingRequest(production="studio", character="Daro", base="micro", seed=1)
    payloads = {Kind.CAST: cast, Kind.TRAIN: learn, Kind.GATE: GateRequest(reference_set_id="a")}
    owner = production_row(context.services, context.production).id
    return [
        context.jobs.enqueue(kind=kind, payload=payloads[kind], production_id=owner)
        for kind in kinds
    ]


def state(services: Services, job_id: str) -> JobState:
    with services.database.reading() as session:
        return get_job(session=session, job_id=job_id).state


def test_status_of_an_empty_production_says_how_to_begin(context: ChatContext) -> None:
    assert status(Status(), context, ignore_progress).text.splitlines() == [
        "studio: 1:1, drawn with micro, no locked style.",
        "Nobody is in the cast yet.",
        "Nothing is running.",
        "Next: create a character from a brief.",
    ]


def test_status_says_what_there_is_what_runs_and_what_comes_next(
    context: ChatContext, studio: Studio, daro: str
) -> None:
    trained(context.services)
    plan(context.services, shot("12A"), shot("12B"))
    takes(context.services, shot("12A"), [PASSED, PASSED])
    (job_id,) = started(context, Kind.TRAIN)
    claim = studio.worker.store.claim(job_id)
    assert claim is not None
    lease = studio.worker.store.lease(claim)
    lease.write_progress(Progress(stage="train", done=40, total=100))
    started(context, Kind.CAST)
    assert status(Status(), context, ignore_progress).text.splitlines() == [
        "studio: 1:1, drawn with micro, no locked style.",
        "Daro: 1 reference image, gate not asked yet, LoRA versions v1, v1 in use.",
        "Scene 12 (a cafe, soft window light): 2 shots, 2 takes, 0 picked.",
        "train of Daro is running, 40 of 100.",
        "cast of Daro waits for its turn.",
        "Next: shoot 12B; pick a take of 12A.",
    ]
    assert status(Status(character="Daro"), context, ignore_progress).text.splitlines() == [
        "Daro: 1 reference image, gate not asked yet, LoRA versions v1, v1 in use.",
        "Looks: default.",
        "With Daro: 2 shots, 2 takes, 0 picked.",
        "train of Daro is running, 40 of 100.",
        "cast of Daro waits for its turn.",
        "Next: Daro is ready to shoot.",
    ]


def test_status_of_nobody_lists_the_cast(context: ChatContext, daro: str) -> None:
    with pytest.raises(UnknownName, match="Lirien is not in the cast; there are: Daro"):
        status(Status(character="Lirien"), context, ignore_progress)


@pytest.mark.parametrize(
    ("known", "step"),
    [
        ({}, "cast Daro, or add photos"),
        ({"candidates": 4}, "choose a face for Daro"),
        ({"candidates": 4, "chosen_face": 2}, "build the references of Daro"),
        ({"references": 20}, "ask the gate about the references of Daro"),
        ({"references": 20, "gate": Outcome.PASS}, "train Daro"),
        ({"references": 20, "gate": Outcome.REVIEW}, "train Daro"),
        ({"references": 20, "gate": Outcome.REJECT}, "the gate refused the references of Daro"),
        ({"versions": (1,), "version_in_use": 1}, "Daro is ready to shoot"),
    ],
)
def test_a_character_s_next_step(known: dict[str, object], step: str) -> None:
    character = CharacterState.model_validate({"name": "Daro", **known})
    assert next_step(character).startswith(step)


def test_the_next_steps_of_shots() -> None:
    ready = CharacterState(name="Daro", versions=(1,), version_in_use=1)
    digest = StudioDigest(production="x", characters=(ready,))
    assert production_steps(digest) == ["plan a scene, or describe a shot"]
    done = ShotState(slate="1A", framing=Framing.WIDE, takes=1, picked="1A T1")
    scene = SceneState(number=1, shots=(done,))
    assert production_steps(digest.model_copy(update={"scenes": (scene,)})) == ["deliver the picks"]
    many = tuple(ShotState(slate=f"1{letter}", framing=Framing.WIDE) for letter in "ABCDEFGH")
    digest = digest.model_copy(update={"scenes": (SceneState(number=1, shots=many),)})
    assert production_steps(digest) == ["shoot 1A, 1B, 1C, 1D, 1E, 1F and 2 more"]


def test_cancel_takes_only_what_is_meant(context: ChatContext, daro: str) -> None:
    cast, train, gate = started(context, Kind.CAST, Kind.TRAIN, Kind.GATE)
    answer = cancel(Cancel(what="references"), context, ignore_progress)
    assert answer.text == "Cancelled: gate. What was finished is kept."
    assert state(context.services, gate) is JobState.CANCELLED
    assert state(context.services, train) is state(context.services, cast) is JobState.APPROVED
    answer = cancel(Cancel(what="train"), context, ignore_progress)
    assert answer.text == "Cancelled: train of Daro. What was finished is kept."
    answer = cancel(Cancel(), context, ignore_progress)
    assert answer.text == "Cancelled: cast of Daro. What was finished is kept."
    assert cancel(Cancel(), context, ignore_progress).text == (
        "Nothing is running or waiting; there is nothing to cancel."
    )
    assert "(shoot)" in cancel(Cancel(what="shoot"), context, ignore_progress).text


def test_a_running_job_is_asked_to_stop(context: ChatContext, studio: Studio, daro: str) -> None:
    (job_id,) = started(context, Kind.CAST)
    assert studio.worker.store.claim(job_id) is not None
    answer = cancel(Cancel(), context, ignore_progress)
    assert answer.text == (
        "Asked to stop: cast of Daro; it ends after the step it is in. What was finished is kept."
    )
    with context.services.database.reading() as session:
        assert get_job(session=session, job_id=job_id).cancel_requested


def test_another_production_s_work_goes_on(context: ChatContext, daro: str) -> None:
    elsewhere = production_row(context.services, "Salt").id
    other = context.jobs.enqueue(
        kind=Kind.GATE, payload=GateRequest(reference_set_id="b"), production_id=elsewhere
    )
    assert cancel(Cancel(), context, ignore_progress).text.startswith("Nothing is running")
    assert state(context.services, other) is JobState.APPROVED


def test_cost_says_money_budget_and_time(
    context: ChatContext, services: Services, daro: str
) -> None:
    text = cost(Cost(), context, ignore_progress).text
    assert text.splitlines() == ["studio: $0.00 spent; no budget is set.", "No work was done yet."]
    owner = production_row(services, "studio").id
    with services.database.session() as session:
        session.get_one(Production, owner).budget = Decimal(5)
        entry = LedgerEntryCreate(
            production_id=owner,
            key="a",
            amount=Decimal("1.035"),
            what="pictures",
            priced_on=date(2026, 1, 1),
        )
        book(session=session, entry=entry)
    text = cost(Cost(), context, ignore_progress).text
    assert text.splitlines()[0] == "studio: $1.035 of $5.00 spent, $3.965 left."


def test_the_time_of_a_real_job_is_counted(context: ChatContext, studio: Studio, daro: str) -> None:
    (job_id,) = started(context, Kind.GATE)
    with pytest.raises(UnknownName, match="no reference set a"):
        studio.worker.run_until_done([job_id])
    lines = cost(Cost(), context, ignore_progress).text.splitlines()
    assert lines[1].startswith("gate: 1 job, ")
    assert lines[2].startswith("Together ")


def test_amounts_and_durations_are_written_plainly() -> None:
    assert [dollars(Decimal(text)) for text in ("0", "1.5", "0.0305", "-2", "100")] == [
        "$0.00",
        "$1.50",
        "$0.0305",
        "-$2.00",
        "$100.00",
    ]
    assert [duration(each) for each in (0.42, 9.96, 12.4, 65, 3600, 7845)] == [
        "0.4 s",
        "10.0 s",
        "12 s",
        "1 min 5 s",
        "1 h 0 min",
        "2 h 10 min",
    ]


def test_picked_shots_are_counted(context: ChatContext, daro: str) -> None:
    plan(context.services, shot("12A"))
    (only,) = takes(context.services, shot("12A"), [PASSED])
    with context.services.database.session() as session:
        pick_take(session=session, take_id=only.id)
    assert "1 shot, 1 take, 1 picked" in status(Status(), context, ignore_progress).text
