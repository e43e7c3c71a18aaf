"""What a production has cost: money from the ledger, wall time from the executions of its jobs.

Knows the ledger and jobs; must not know prices, nor what one unit of a kind is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import Field

from tools.contracts.model import Contract
from tools.services import Services
from tools.store.ledger import spent, spent_by_kind
from tools.store.work import ended_executions, finished_jobs
from tools.workflows.digest import production_row
from tools.workflows.job_kinds import job_kinds
from tools.workflows.kinds import Kind

if TYPE_CHECKING:
    from tools.store.job import Execution, Job


class WorkLine(Contract):
    """Wall time and money of one kind of job."""

    kind: str
    jobs: int = Field(ge=1)
    seconds: float = Field(ge=0)
    spent: Decimal = Decimal(0)
    """US dollars; zero for what is made on this machine."""


class CostReport(Contract):
    """What was spent, in US dollars, and how long work took."""

    production: str
    spent: Decimal
    budget: Decimal | None
    """None when no limit is set."""
    work: tuple[WorkLine, ...]
    """In the order in which the kinds were first used; ended executions, failed ones included."""

    @property
    def left(self) -> Decimal | None:
        """What the budget leaves; None without a budget."""
        return None if self.budget is None else self.budget - self.spent


def cost_report(services: Services, production: str) -> CostReport:
    """Add up money and time of a production."""
    row = production_row(services, production)
    with services.database.reading() as session:
        seconds: dict[str, float] = {}
        jobs: dict[str, set[str]] = {}
        for kind, job_id, execution in ended_executions(session=session, production_id=row.id):
            seconds[kind] = seconds.get(kind, 0.0) + wall_seconds(execution)
            jobs.setdefault(kind, set()).add(job_id)
        money = spent_by_kind(session=session, production_id=row.id)
        return CostReport(
            production=row.name,
            spent=spent(session=session, production_id=row.id),
            budget=row.budget,
            work=tuple(
                WorkLine(
                    kind=kind,
                    jobs=len(jobs[kind]),
                    seconds=round(seconds[kind], 2),
                    spent=money.get(kind, Decimal(0)),
                )
                for kind in seconds
            ),
        )


def seconds_per(
    services: Services,
    kind: Kind,
    units: Callable[[Job], int] | None = None,
    *,
    base: str | None = None,
) -> float | None:
    """Return the mean wall time of one unit of a kind's newest finished jobs, in seconds.

    Args:
        services: the studio; all of its productions count.
        kind: of the jobs.
        units: how many units a job made; None counts as the kind does (takes, steps, candidates).
        base: jobs on this base only; None counts all.

    Returns:
        None while no such job has finished.
    """
    count = units or job_kinds()[kind].units
    with services.database.reading() as session:
        rows = finished_jobs(session=session, kind=kind)
    done = [
        (wall_seconds(execution), count(job))
        for job, execution in rows
        if base is None or json.loads(job.payload).get("base") == base
    ]
    made = sum(each for _, each in done)
    return sum(seconds for seconds, _ in done) / made if made else None


def wall_seconds(execution: Execution) -> float:
    """Return how long an ended execution took; 0 for one that runs."""
    if execution.ended_at is None:
        return 0.0
    return (execution.ended_at - execution.started_at).total_seconds()
