from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError
from sqlmodel import Session, select

from tools.contracts.briefs import SceneBrief
from tools.store.database import Database
from tools.store.model import Dollars, canonical_json, insert_or_ignore, insert_or_update, now
from tools.store.production import Approval, AspectRatio, Production


def add_production_row(session: Session, name: str, style: str = "{}") -> Production:
    row = Production(name=name, style=style)
    session.add(row)
    session.flush()
    return row


@pytest.mark.parametrize("ratio", list(AspectRatio))
def test_enums_are_kept_as_their_values(database: Database, ratio: AspectRatio) -> None:
    row = Production(name="Harbour", style="{}", aspect_ratio=ratio, approval=Approval.PASS)
    with database.session() as session:
        session.add(row)
    with database.reading() as session:
        raw = session.connection().execute(text("SELECT aspect_ratio, approval FROM production"))
        assert raw.one() == (ratio.value, "pass")
        read = session.exec(select(Production)).one()
        assert (read.aspect_ratio, read.approval) == (ratio, Approval.PASS)


def test_a_word_outside_the_enum_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="5:4"), database.session() as session:
        session.add(Production(name="Harbour", style="{}", aspect_ratio="5:4"))  # type: ignore[arg-type]


def test_times_come_back_in_utc(database: Database) -> None:
    with database.session() as session:
        stored = add_production_row(session, "Harbour").created_at
    with database.reading() as session:
        read = session.exec(select(Production)).one().created_at
    assert read == stored
    assert read.utcoffset() is not None


@given(st.decimals(-10_000, 10_000, places=6))
def test_dollars_come_back_to_the_millionth(amount: Decimal) -> None:
    column, dialect = Dollars(), sqlite.dialect()
    kept = column.process_bind_param(amount, dialect)
    assert column.process_result_value(kept, dialect) == amount
    assert column.process_bind_param(None, dialect) is None


def test_equal_values_have_equal_json_in_any_script() -> None:
    brief = SceneBrief(number=3, place="Straße", light="moonlight")
    text = canonical_json(brief)
    assert "Straße" in text
    assert text == canonical_json(SceneBrief(light="moonlight", place="Straße", number=3))


def test_a_row_is_inserted_once_or_updated(database: Database) -> None:
    values = {"id": "a", "name": "Harbour", "style": "{}", "created_at": now()} | {
        "aspect_ratio": AspectRatio.SQUARE,
        "approval": Approval.PICK,
        "ask_before_drawing": False,
    }
    with database.session() as session:
        assert insert_or_ignore(session, Production, values)
        assert not insert_or_ignore(session, Production, values | {"id": "b"})
        rest = {key: value for key, value in values.items() if key != "id"}
        insert_or_update(session, Production, keys={"id": "a"}, values=rest | {"name": "Salt"})
    with database.reading() as session:
        assert [row.name for row in session.exec(select(Production))] == ["Salt"]
