"""The ledger: money spent or set aside, and the production's budget.

Knows the table and the budget rule; must not know prices or providers.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func
from sqlmodel import Field, Session, col, select

from tools.errors import Refused, UnknownName
from tools.store.job import Job
from tools.store.model import Dollars, StoreModel, insert_or_ignore, new_id, now
from tools.store.production import Production


class LedgerEntryBase(StoreModel):
    """What an entry is made with."""

    production_id: str = Field(foreign_key="production.id", index=True)
    key: str = Field(min_length=1, max_length=120, unique=True)
    """What is paid for; the same key is booked once."""
    job_id: str | None = Field(default=None, foreign_key="job.id", index=True)
    amount: Decimal = Field(sa_type=Dollars, nullable=False)
    """US dollars; negative gives back what was set aside and not spent."""
    what: str = Field(min_length=1, max_length=300)
    priced_on: date
    """Date of the price that the amount was reckoned with."""
    base: str | None = Field(default=None, max_length=80)
    """The base that drew or was trained; None for what has none."""
    seconds: float | None = Field(default=None, ge=0)
    """Wall time of what was paid for; None while it is only set aside."""


class LedgerEntryCreate(LedgerEntryBase):
    """A checked entry that is not stored yet."""


class LedgerEntry(LedgerEntryBase, table=True):
    """A stored entry; entries are never changed."""

    __tablename__ = "ledger_entry"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    created_at: datetime = Field(default_factory=now)


def book(*, session: Session, entry: LedgerEntryCreate) -> LedgerEntry:
    """Set money aside before it is spent, if the budget allows; check and entry are one transaction.

    Paid calls to a provider will book here before they are sent.

    Raises:
        UnknownName: there is no such production.
        Refused: the budget would be passed; nothing is booked.
    """
    known = session.exec(select(LedgerEntry).where(LedgerEntry.key == entry.key)).first()
    if known is not None:
        return known
    production = session.exec(
        select(Production).where(Production.id == entry.production_id).with_for_update()
    ).first()
    if production is None:
        raise UnknownName(f"no production {entry.production_id}")
    after = spent(session=session, production_id=production.id) + entry.amount
    if production.budget is not None and entry.amount > 0 and after > production.budget:
        raise Refused(
            f"{entry.what}: ${entry.amount} would bring {production.name} to ${after} "
            f"of ${production.budget}; raise the budget or ask for less"
        )
    row = LedgerEntry.model_validate(entry)
    session.add(row)
    session.flush()
    return row


def record_charge(*, session: Session, entry: LedgerEntryCreate) -> None:
    """Store what was paid; the same key once. No budget is asked: the money is gone already."""
    row = LedgerEntry.model_validate(entry)
    values = {name: getattr(row, name) for name in LedgerEntry.model_fields}
    insert_or_ignore(session, LedgerEntry, values)


def spent(*, session: Session, production_id: str) -> Decimal:
    """Return what the production has spent and set aside, in US dollars."""
    total = session.exec(
        select(func.sum(LedgerEntry.amount)).where(LedgerEntry.production_id == production_id)
    ).one()
    return total or Decimal(0)


def spent_by_kind(*, session: Session, production_id: str) -> dict[str, Decimal]:
    """Return what the production's jobs have cost, in US dollars, by their kind."""
    rows = session.exec(
        select(Job.kind, func.sum(LedgerEntry.amount))
        .join(Job, col(Job.id) == LedgerEntry.job_id)
        .where(LedgerEntry.production_id == production_id)
        .group_by(Job.kind)
    )
    return dict(rows.all())
