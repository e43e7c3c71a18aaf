from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.support.filled_studio import shot
from tools.contracts.casting import CastingRequest
from tools.contracts.learning import LearnRequest
from tools.contracts.model import Contract
from tools.contracts.sets import GateRequest
from tools.contracts.shooting import CharacterAdapter, ShootRequest
from tools.contracts.training import LoraConfig
from tools.jobs.job_store import JobStore
from tools.services import Services
from tools.store.job import Execution, ExecutionEnd, JobState, get_job
from tools.store.ledger import LedgerEntryCreate, book
from tools.workflows.costs import cost_report, seconds_per
from tools.workflows.digest import production_row
from tools.workflows.kinds import Kind

START = datetime(2026, 1, 1, tzinfo=UTC)
ADAPTER = CharacterAdapter(character="Daro", reference_set_id="a")


def ran(
    services: Services,
    kind: Kind,
    payload: Contract,
    seconds: float,
    *,
    made: int = 0,
    end: ExecutionEnd = ExecutionEnd.DONE,
) -> None:
    """Store a job with one ended execution."""
    owner = production_row(services, "studio").id
    job_id = JobStore(services.database).enqueue(kind=kind, payload=payload, production_id=owner)
    with services.database.session() as session:
        job = get_job(session=session, job_id=job_id)
        job.state = JobState.DONE if end is ExecutionEnd.DONE else JobState.FAILED
        job.done = made
        ended = START + timedelta(seconds=seconds)
        session.add(Execution(job_id=job_id, owner="x", started_at=START, ended_at=ended, end=end))


def shoot_request(seed: int, base: str = "maquette") -> ShootRequest:
    return ShootRequest(
        production="studio", base=base, adapter=ADAPTER, shots=(shot("1A"),), seed=seed
    )


def test_nothing_was_spent_and_nothing_ran(services: Services) -> None:
    report = cost_report(services, "studio")
    assert (report.spent, report.budget, report.left, report.work) == (Decimal(0), None, None, ())
    assert seconds_per(services, Kind.SHOOT) is None


def test_money_is_exact_and_the_rest_of_the_budget_is_said(services: Services) -> None:
    row = production_row(services, "studio")
    with services.database.session() as session:
        stored = session.get_one(type(row), row.id)
        stored.budget = Decimal("2.50")
        for key, amount in (("a", "0.10"), ("b", "0.20"), ("c", "-0.05")):
            entry = LedgerEntryCreate(
                production_id=row.id,
                key=key,
                amount=Decimal(amount),
                what="one picture",
                priced_on=date(2026, 1, 1),
            )
            book(session=session, entry=entry)
    report = cost_report(services, "studio")
    assert (report.spent, report.left) == (Decimal("0.25"), Decimal("2.25"))


def test_time_of_each_kind_counts_what_failed_too(services: Services) -> None:
    ran(services, Kind.SHOOT, shoot_request(1), 30, made=2)
    ran(services, Kind.SHOOT, shoot_request(2), 12, end=ExecutionEnd.FAILED)
    ran(services, Kind.GATE, GateRequest(reference_set_id="a"), 3)
    work = {line.kind: (line.jobs, line.seconds) for line in cost_report(services, "studio").work}
    assert work == {"shoot": (2, 42.0), "gate": (1, 3.0)}


def test_seconds_a_take_weigh_every_take_alike(services: Services) -> None:
    ran(services, Kind.SHOOT, shoot_request(1), 30, made=1)
    ran(services, Kind.SHOOT, shoot_request(2), 30, made=5)
    ran(services, Kind.SHOOT, shoot_request(3), 99, end=ExecutionEnd.FAILED)
    ran(services, Kind.SHOOT, shoot_request(1, "sdxl"), 40, made=2)
    assert seconds_per(services, Kind.SHOOT) == pytest.approx(100 / 8)
    assert seconds_per(services, Kind.SHOOT, base="maquette") == pytest.approx(10)
    assert seconds_per(services, Kind.SHOOT, base="sdxl") == pytest.approx(20)
    assert seconds_per(services, Kind.SHOOT, base="flux-schnell") is None
    assert seconds_per(services, Kind.SHOOT, lambda _: 1) == pytest.approx(100 / 3)


def test_units_of_other_kinds(services: Services) -> None:
    config = LoraConfig(steps=200)
    learn = LearnRequest(
        production="studio", character="Daro", base="maquette", reference_set_id="a", config=config
    )
    ran(services, Kind.TRAIN, learn, 100)
    cast = CastingRequest(
        production="studio", character="Daro", base="maquette", candidates=4, seed=1
    )
    ran(services, Kind.CAST, cast, 20)
    ran(services, Kind.GATE, GateRequest(reference_set_id="a"), 3)
    assert seconds_per(services, Kind.TRAIN) == pytest.approx(0.5)
    assert seconds_per(services, Kind.CAST) == pytest.approx(5)
    assert seconds_per(services, Kind.GATE) == pytest.approx(3)
