"""The ledger: money spent or set aside, and the production's budget.

Knows the table and the budget rule; must not know prices or providers.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func
from sqlmodel import Field, Session, select

from tools.errors import Refused, UnknownName
from tools.store.model import Dollars, StoreModel, new_id, now
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


class LedgerEntryCreate(LedgerEntryBase):
    """A checked entry that is not stored yet."""


class LedgerEntry(LedgerEntryBase, table=True):
    """A stored entry; entries are never changed."""

    __tablename__ = "ledger_entry"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    created_at: datetime = Field(default_factory=now)


def book(*, session: Session, entry: LedgerEntryCreate) -> LedgerEntry:
    """Store an entry if the budget allows it; check and entry are one transaction.

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


def spent(*, session: Session, production_id: str) -> Decimal:
    """Return what the production has spent and set aside, in US dollars."""
    total = session.exec(
        select(func.sum(LedgerEntry.amount)).where(LedgerEntry.production_id == production_id)
    ).one()
    return total or Decimal(0)
