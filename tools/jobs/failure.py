"""What made a job fail, in a form that outlives the process.

Knows the error tree; must not know the database.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from tools.errors import FailedError, SamecastError
from tools.store.job import Job


@dataclass(frozen=True)
class Failure:
    """An error as it is kept in the job's row."""

    error: str
    """Class name."""
    message: str
    exit_code: int
    traceback: str | None
    """Only for bugs."""
    refused: bool
    """Whether the request itself was refused, so that nothing was paid."""


def describe(error: Exception) -> Failure:
    """Take down an error; one outside Samecast's tree is a bug and keeps its traceback."""
    expected = isinstance(error, SamecastError)
    return Failure(
        error=type(error).__name__,
        message=str(error),
        exit_code=error.exit_code if isinstance(error, SamecastError) else 1,
        traceback=None if expected else "".join(traceback.format_exception(error)),
        refused=expected and not isinstance(error, FailedError),
    )


def stored_error(job: Job) -> SamecastError:
    """Build the error of a failed job again, of the same class; a bug comes as `FailedError`."""
    kinds = {kind.__name__: kind for kind in _tree(SamecastError)}
    kind = kinds.get(job.error or "")
    if kind is None:
        return FailedError(
            f"{job.kind} failed with {job.error}: {job.message} (a bug; "
            f"its traceback is kept with job {job.id})"
        )
    return kind(job.message)


def _tree(kind: type[SamecastError]) -> list[type[SamecastError]]:
    return [kind, *(leaf for child in kind.__subclasses__() for leaf in _tree(child))]
