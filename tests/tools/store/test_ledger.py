from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from tools.errors import Refused, UnknownName
from tools.store.database import Database
from tools.store.ledger import LedgerEntryCreate, book, spent
from tools.store.model import new_id
from tools.store.production import Production, ProductionCreate, add_production

amounts = st.decimals(0, 1000, places=6)


def entry(production_id: str, amount: str | Decimal, key: str | None = None) -> LedgerEntryCreate:
    return LedgerEntryCreate(
        production_id=production_id,
        key=key or new_id(),
        amount=Decimal(amount),
        what="one film of 5 s",
        priced_on=date(2026, 1, 1),
    )


def with_budget(session: Session, budget: str) -> Production:
    create = ProductionCreate(name=new_id(), style="{}", budget=Decimal(budget))
    return add_production(session=session, production=create)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(amounts, max_size=6))
def test_money_is_exact(database: Database, booked: list[Decimal]) -> None:
    with database.session() as session:
        production = add_production(
            session=session, production=ProductionCreate(name=new_id(), style="{}")
        )
        for amount in booked:
            book(session=session, entry=entry(production.id, amount))
        assert spent(session=session, production_id=production.id) == sum(booked)


def test_the_budget_is_kept_to_the_cent(session: Session) -> None:
    production = with_budget(session, "1.00")
    book(session=session, entry=entry(production.id, "0.70"))
    with pytest.raises(Refused, match=r"would bring .* to \$1\.01 of \$1"):
        book(session=session, entry=entry(production.id, "0.31"))
    book(session=session, entry=entry(production.id, "-0.10"))
    book(session=session, entry=entry(production.id, "0.40"))
    assert spent(session=session, production_id=production.id) == Decimal("1.00")


def test_the_same_key_is_booked_once(session: Session) -> None:
    production = with_budget(session, "1.00")
    for _ in range(3):
        book(session=session, entry=entry(production.id, "0.60", key="job 1"))
    assert spent(session=session, production_id=production.id) == Decimal("0.60")
    with pytest.raises(UnknownName, match="no production nobody"):
        book(session=session, entry=entry("nobody", "1"))


def test_racing_bookings_do_not_pass_the_budget(database: Database) -> None:
    with database.session() as session:
        production = with_budget(session, "1.00")

    def attempt(_: int) -> bool:
        try:
            with database.session() as session:
                book(session=session, entry=entry(production.id, "0.30"))
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(16))) == 3
