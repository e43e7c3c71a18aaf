"""How a kind of job is done: the typed function and the models around it.

Knows types only; must not know the database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from tools.errors import FailedError
from tools.jobs.progress import JobProgress
from tools.store.model import canonical_json

Payload = TypeVar("Payload", bound=BaseModel)
Result = TypeVar("Result", bound=BaseModel)


@dataclass(frozen=True)
class Handler(Generic[Payload, Result]):
    """A kind of job.

    `work` may be killed at any moment and is then called again with the same payload: it keeps its
    own checkpoints (under the sink's `job_id`) and writes files atomically. A function that takes
    any `ProgressSink` fits.
    """

    payload: type[Payload]
    result: type[Result]
    work: Callable[[Payload, JobProgress], Result]
    retry_on: tuple[type[FailedError], ...] = ()
    """Failures that are worth another try; all others end the job."""

    def run(self, payload: str, progress: JobProgress) -> str:
        """Do the work on a stored payload and return the result's JSON."""
        return canonical_json(self.work(self.payload.model_validate_json(payload), progress))


AnyHandler = Handler[Any, Any]
"""A handler in a table of several kinds; each is typed where it is built."""
