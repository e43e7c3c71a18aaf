"""What all tables share: metadata with named constraints, ids, UTC times, portable column types.

Knows SQLModel and how values are kept in both SQLite and PostgreSQL; must not know any noun.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from uuid import uuid4

from pydantic import BaseModel
from sqlalchemy import BigInteger, Dialect, MetaData, Table, TypeDecorator
from sqlalchemy import Enum as EnumColumn
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlmodel import Session, SQLModel

MILLION = 1_000_000
CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class StoreModel(SQLModel):
    """Base of every table and of the models that validate what goes into one."""

    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)


def now() -> datetime:
    """The present moment in UTC, with its time zone."""
    return datetime.now(UTC)


def new_id() -> str:
    """A fresh random id: 32 hexadecimal digits."""
    return uuid4().hex


class Dollars(TypeDecorator[Decimal]):
    """US dollars, kept as whole millionths: exact and summable in every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> int | None:
        """Give the database millionths."""
        return None if value is None else int((value * MILLION).to_integral_value())

    def process_result_value(self, value: int | None, _dialect: Dialect) -> Decimal | None:
        """Give the program dollars."""
        return None if value is None else Decimal(value) / MILLION


def enum_type(kind: type[Enum]) -> EnumColumn:
    """A column type that keeps the enum's *values* as plain strings in every database."""
    return EnumColumn(
        kind,
        native_enum=False,
        create_constraint=False,
        length=40,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
    )


def canonical_json(value: BaseModel) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text."""
    plain = value.model_dump(mode="json")
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def insert_or_ignore(session: Session, table: type[SQLModel], values: Mapping[str, object]) -> bool:
    """Insert one row unless a row with the same unique key exists; say whether it was inserted."""
    statement = _insert(session, table).values(**values).on_conflict_do_nothing()
    return session.connection().execute(statement).rowcount == 1


def insert_or_update(
    session: Session,
    table: type[SQLModel],
    *,
    keys: Mapping[str, object],
    values: Mapping[str, object],
) -> None:
    """Insert one row, or set `values` in the row that has these keys (all of the primary key)."""
    statement = _insert(session, table).values(**keys, **values)
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=list(keys), set_=dict(values))
    )


def _insert(session: Session, table: type[SQLModel]) -> SqliteInsert | PostgresqlInsert:
    target: Table = table.__table__  # type: ignore[attr-defined]
    if session.get_bind().dialect.name == "postgresql":
        return PostgresqlInsert(target)
    return SqliteInsert(target)
