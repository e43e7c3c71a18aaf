"""An error outlives the process: it is taken down and built again."""

from __future__ import annotations

import pytest

from tools.errors import BadInput, FailedError, Refused, SamecastError, StorageFailed
from tools.jobs.failure import describe, stored_error
from tools.store.job import Job, JobState


def stored(error: str | None, message: str) -> Job:
    return Job(
        kind="train", payload="{}", key="k", state=JobState.FAILED, error=error, message=message
    )


@pytest.mark.parametrize("error", [BadInput("no"), Refused("gate"), StorageFailed("full")])
def test_an_expected_error_comes_back_as_it_was(error: SamecastError) -> None:
    failure = describe(error)
    assert (failure.message, failure.traceback) == (str(error), None)
    assert failure.exit_code == error.exit_code
    again = stored_error(stored(failure.error, failure.message))
    assert type(again) is type(error)
    assert str(again) == str(error)


def test_only_what_was_refused_is_surely_not_paid() -> None:
    assert describe(BadInput("no")).refused
    assert not describe(StorageFailed("full")).refused
    assert not describe(FailedError("lost")).refused
    assert not describe(RuntimeError("bug")).refused


def test_a_bug_keeps_its_traceback_and_says_where_it_is() -> None:
    try:
        _ = 1 // 0
    except ZeroDivisionError as error:
        failure = describe(error)
    assert failure.traceback is not None
    assert "test_failure.py" in failure.traceback
    assert failure.exit_code == 1
    job = stored(failure.error, failure.message)
    again = stored_error(job)
    assert type(again) is FailedError
    assert "train failed with ZeroDivisionError" in str(again)
    assert job.id in str(again)


def test_an_error_that_nobody_knows_any_more_is_a_failed_one() -> None:
    assert type(stored_error(stored("GoneError", "x"))) is FailedError
    assert type(stored_error(stored(None, ""))) is FailedError
