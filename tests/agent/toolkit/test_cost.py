"""`cost`: money, budget and time, and how they are written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from agent.context import ChatContext
from agent.toolkit.cost import Cost, cost, dollars, duration
from tests.agent.toolkit.conftest import started
from tools.compose import Studio
from tools.contracts.progress import ignore_progress
from tools.errors import UnknownName
from tools.services import Services
from tools.store.ledger import LedgerEntryCreate, book
from tools.store.production import Production
from tools.workflows.digest import production_row
from tools.workflows.kinds import Kind


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
