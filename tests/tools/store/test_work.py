from __future__ import annotations

import pytest
from sqlmodel import Session

from tests.tools.store.store_rows import StoredRows, add_rows
from tools.store.job import Job, JobState
from tools.store.production import ProductionCreate, add_production
from tools.store.work import asked_work, done_results, job_by_key_start


@pytest.fixture
def rows(session: Session) -> StoredRows:
    return add_rows(session)


def store(
    session: Session,
    number: int,
    production_id: str | None,
    *,
    kind: str = "shoot",
    state: JobState = JobState.DONE,
    result: str | None = "{}",
) -> None:
    job = Job(
        key=f"{number:x}" * 64,
        kind=kind,
        payload=f"{number}",
        state=state,
        production_id=production_id,
        result=result,
    )
    session.add(job)
    session.flush()


def test_work_asked_for_is_of_one_production_or_of_none(session: Session, rows: StoredRows) -> None:
    other = add_production(session=session, production=ProductionCreate(name="Salt", style="{}"))
    store(session, 1, rows.production)
    store(session, 2, None, state=JobState.CLAIMED)
    store(session, 3, other.id)
    store(session, 4, rows.production, kind="train")
    found = asked_work(session=session, kind="shoot", production_id=rows.production)
    assert found == [(JobState.DONE, "1"), (JobState.CLAIMED, "2")]


def test_results_are_those_of_done_jobs_of_the_production(
    session: Session, rows: StoredRows
) -> None:
    store(session, 1, rows.production, result="one")
    store(session, 2, rows.production, state=JobState.FAILED, result=None)
    store(session, 3, None, result="three")
    assert done_results(session=session, production_id=rows.production, kind="shoot") == ["one"]


@pytest.mark.parametrize(
    ("start", "payload"), [("1", "1"), ("11111", "1"), ("f" * 64, "15"), ("12", None), ("%", None)]
)
def test_a_job_is_found_by_how_its_key_begins(
    session: Session, rows: StoredRows, start: str, payload: str | None
) -> None:
    for number in (1, 15):
        store(session, number, rows.production)
    found = job_by_key_start(session=session, start=start)
    assert (found.payload if found else None) == payload
