from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from tools.contracts.model import Size
from tools.errors import UnknownName
from tools.store.job import Job, JobState
from tools.store.job_queue import (
    held_jobs,
    holder_and_cancel,
    lock_job,
    propose_job,
    ready_jobs,
    win_job,
    with_needs,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
END = START + timedelta(minutes=1)


def asked(
    session: Session, key: str, *needs: str, kind: str = "draw", minute: int = 0, go: bool = True
) -> Job:
    """A job of this key, approved unless told otherwise."""
    job = propose_job(
        session=session,
        key=key,
        kind=kind,
        payload=Size(width=64, height=64),
        needs=needs,
        production_id=None,
        at=START + timedelta(minutes=minute),
    )
    if go:
        job.state = JobState.APPROVED
        session.add(job)
        session.flush()
    return job


def test_the_same_key_is_the_same_job(session: Session) -> None:
    first = asked(session, "a", go=False)
    assert first.state is JobState.PROPOSED
    assert asked(session, "a", minute=5).id == first.id
    assert first.created_at == START


def test_a_job_cannot_need_what_is_not_there(session: Session) -> None:
    with pytest.raises(UnknownName, match="no job none"):
        asked(session, "a", "none")
    with pytest.raises(UnknownName, match="no job none"):
        lock_job(session=session, job_id="none")


def test_ready_is_what_is_approved_of_these_kinds_with_its_needs_done_oldest_first(
    session: Session,
) -> None:
    later, sooner = asked(session, "a", minute=2), asked(session, "b", minute=1)
    other = asked(session, "c", kind="train")
    asked(session, "d", go=False)
    waiting = asked(session, "e", sooner.id)

    def ready(*kinds: str, only: list[str] | None = None) -> list[str]:
        return ready_jobs(session=session, kinds=kinds, only=only)

    assert ready("draw") == [sooner.id, later.id]
    assert ready("draw", "train", only=[other.id, waiting.id]) == [other.id]
    sooner.state = JobState.DONE
    session.flush()
    assert set(ready("draw")) == {later.id, waiting.id}


def test_one_wins_an_approved_job_and_its_execution_is_counted(session: Session) -> None:
    job = asked(session, "a")

    def win(owner: str) -> bool:
        won = win_job(session=session, job_id=job.id, owner=owner, at=START, lease_until=END)
        return won is not None

    assert [win("one"), win("two")] == [True, False]
    session.refresh(job)
    assert (job.state, job.owner, job.attempts, job.lease_until) == (
        JobState.CLAIMED,
        "one",
        1,
        END,
    )
    assert [each.id for each in held_jobs(session=session)] == [job.id]
    assert holder_and_cancel(session=session, job_id=job.id) == (job.execution_id, False)


def test_needs_are_followed_to_the_end(session: Session) -> None:
    first = asked(session, "a")
    second = asked(session, "b", first.id)
    third = asked(session, "c", second.id)
    asked(session, "d")
    assert with_needs(session=session, job_ids=[third.id]) == sorted(
        [first.id, second.id, third.id]
    )
